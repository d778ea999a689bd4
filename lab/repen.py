"""MNIST's digits drawn again with a pen: the centre line of each, dilated by a disc."""
import numpy as np, math
from PIL import Image
from scipy.ndimage import distance_transform_edt, zoom, gaussian_filter, label as cc
from skimage.morphology import skeletonize
S=112
def skeleton(x):
    """uint8 [28,28] to bool [112,112] and mean stroke width (px of 112)"""
    up=np.asarray(Image.fromarray(x).resize((S,S),Image.BICUBIC),np.float32); up=gaussian_filter(up,1.5)
    b=up>100
    sk=skeletonize(b); w=2*distance_transform_edt(b)[sk].mean() if sk.any() else 0
    return prune(sk,int(w*.6)),w
def nbrs(p): 
    q=np.pad(p,1); return sum(q[1+i:1+i+p.shape[0],1+j:1+j+p.shape[1]].astype(int) for i in(-1,0,1) for j in(-1,0,1))-p
def prune(sk,length):
    """Remove spurs shorter than length: branches from an end to a junction."""
    sk=sk.copy()
    for y,x in zip(*np.nonzero(sk&(nbrs(sk)==1))):
        path=[(y,x)]; cur=(y,x); prev=None; hit=False
        while len(path)<=length:
            a,b=cur; n=[(i,j) for i in range(a-1,a+2) for j in range(b-1,b+2) if (i,j)!=cur and 0<=i<S and 0<=j<S and sk[i,j] and (i,j) not in path[-3:]]
            if len(n)==0: break
            if len(n)>1: hit=True; break
            cur=n[0]; path.append(cur)
        if hit and len(path)<=length:
            for p in path[:-1]: sk[p]=False
    return sk
def repen(sk,rng,pad=0):
    ys,xs=np.nonzero(sk); side=max(np.ptp(ys),np.ptp(xs))+1
    lw=side*math.exp(rng.uniform(math.log(.04),math.log(.38)))
    lw=max(lw,2.5)
    d=distance_transform_edt(~np.pad(sk,24)); return (255*np.clip(lw/2-d+.5,0,1)).astype(np.uint8)[8:-8,8:-8]
if __name__=="__main__":
    import sys,lzma,pickle
    mx,my=pickle.load(lzma.open('/work/main/.lab/mnist.pkl.xz')); rng=np.random.default_rng(0)
    idx=np.arange(0,60000,1500)[:40]; s=112; im=Image.new('L',(14*(s+4),9*(s+4)),255); k=0
    import time; t=time.time()
    for i in idx:
        sk,w=skeleton(mx[i]); 
        for p in (255-np.asarray(Image.fromarray(mx[i]).resize((S,S))), 255-sk.astype(np.uint8)*255, 255-np.asarray(Image.fromarray(repen(sk,rng)).resize((S,S)))):
            if k<14*9: im.paste(Image.fromarray(p),((k%14)*(s+4),(k//14)*(s+4))); k+=1
    print((time.time()-t)/len(idx)); im.save('/work/x/gpu/re.png')
