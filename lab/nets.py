import keras, numpy as np
from keras import layers, ops
from drawn_digits.training.network import build_evidence_network, _convolve, NUM_CLASSES, FRAME_SIDE
NETS={"current":lambda: build_evidence_network(0.2)}
def head(ink,x,dropout):
    evidence=layers.Conv2D(NUM_CLASSES,1,name="evidence",dtype="float32")(layers.SpatialDropout2D(dropout)(x))
    pooled=[layers.GlobalAveragePooling2D()(x),layers.GlobalMaxPooling2D()(x)]
    hidden=layers.Dense(64,activation="relu")(layers.Concatenate()(pooled))
    d=layers.Dense(1,name="digit_logit")(layers.Dropout(dropout)(hidden))
    return keras.Model(ink,{"evidence":evidence,"digit_logit":ops.squeeze(d,axis=1)},name="evidence_network")
def cv(x,f,size,strides=1,padding="same"):
    x=layers.Conv2D(f,size,strides=strides,padding=padding,use_bias=False,kernel_initializer="he_normal")(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
def pool(dropout=0.2):
    ink=keras.Input((28,28),name="ink"); x=layers.Reshape((28,28,1))(ink)
    x=cv(x,32,3); x=layers.MaxPooling2D()(x); x=cv(x,64,3); x=cv(x,96,2,2,"valid"); x=cv(x,96,3); x=cv(x,96,3)
    return head(ink,x,dropout)
NETS["pool"]=pool
def se(x,r=24):
    f=x.shape[-1]
    s=layers.Concatenate()([layers.GlobalAveragePooling2D()(x),layers.GlobalMaxPooling2D()(x)])
    s=layers.Dense(f,activation="sigmoid",dtype="float32",bias_initializer="zeros")(layers.Dense(r,activation="relu",dtype="float32")(s))
    return layers.Multiply()([x,layers.Reshape((1,1,f))(s*2)])
def senet(dropout=0.2,where=(1,)):
    ink=keras.Input((28,28),name="ink"); x=layers.Reshape((28,28,1))(ink)
    x=layers.ZeroPadding2D(((2,1),(2,1)))(x); x=cv(x,48,5,2,"valid"); x=cv(x,64,3)
    x=layers.ZeroPadding2D(((0,1),(0,1)))(x); x=cv(x,64,3,2,"valid")
    x=cv(x,96,3); x=se(x) if 0 in where else x
    x=cv(x,96,3); x=se(x) if 1 in where else x
    return head(ink,x,dropout)
NETS["se"]=senet
NETS["se2"]=lambda: senet(where=(0,1))

def dual(dropout=0.2,mode="delta",at=3):
    ink=keras.Input((28,28),name="ink"); x=layers.Reshape((28,28,1))(ink)
    x=layers.ZeroPadding2D(((2,1),(2,1)))(x); x=cv(x,48,5,2,"valid"); x=cv(x,64,3)
    x=layers.ZeroPadding2D(((0,1),(0,1)))(x); x=cv(x,64,3,2,"valid")
    p=layers.Concatenate()([layers.GlobalAveragePooling2D()(x),layers.GlobalMaxPooling2D()(x)])
    x=cv(x,96,3); x=cv(x,96,3)
    s=layers.Dense(1,name="source_logit",dtype="float32")(layers.Dense(32,activation="relu",dtype="float32")(p))
    g=layers.Reshape((1,1,1))(ops.sigmoid(s))
    xd=layers.SpatialDropout2D(dropout)(x)
    e=layers.Conv2D(NUM_CLASSES,1,name="evidence0",dtype="float32")(xd); d=layers.Conv2D(NUM_CLASSES,1,name="evidence1",dtype="float32",kernel_initializer="zeros")(xd)
    evidence=e+(g-0.5)*d
    pooled=[layers.GlobalAveragePooling2D()(x),layers.GlobalMaxPooling2D()(x)]
    hidden=layers.Dense(64,activation="relu")(layers.Concatenate()(pooled))
    dl=layers.Dense(1,name="digit_logit")(layers.Dropout(dropout)(hidden))
    return keras.Model(ink,{"evidence":evidence,"digit_logit":ops.squeeze(dl,axis=1),"source_logit":s},name="evidence_network")
NETS["dual"]=dual

def source_net():
    ink=keras.Input((28,28),name="ink"); x=layers.Reshape((28,28,1))(ink)
    x=layers.Conv2D(16,5,strides=2,activation="relu",kernel_initializer="he_normal",dtype="float32")(x)
    x=layers.Conv2D(24,3,strides=2,activation="relu",kernel_initializer="he_normal",dtype="float32")(x)
    p=layers.Concatenate()([layers.GlobalAveragePooling2D(dtype="float32")(x),layers.GlobalMaxPooling2D(dtype="float32")(x)])
    s=layers.Dense(1,name="source_logit",dtype="float32")(layers.Dense(32,activation="relu",dtype="float32")(p))
    return keras.Model(ink,s,name="source")
class Stop(layers.Layer):
    def call(self,x): return ops.stop_gradient(x)
def core(dropout=0.2,film=False):
    ink=keras.Input((28,28),name="ink"); s=keras.Input((1,),name="source"); x=layers.Reshape((28,28,1))(ink)
    g=layers.Reshape((1,1,1),dtype="float32")(ops.sigmoid(s)-0.5)
    x=layers.ZeroPadding2D(((2,1),(2,1)))(x); x=cv(x,48,5,2,"valid"); x=cv(x,64,3)
    x=layers.ZeroPadding2D(((0,1),(0,1)))(x); x=cv(x,64,3,2,"valid")
    x=cv(x,96,3)
    if film:
        x=layers.Conv2D(96,3,padding="same",use_bias=False,kernel_initializer="he_normal")(x)
        x=layers.BatchNormalization(momentum=0.95)(x)
        gs=layers.Reshape((1,1,192),dtype="float32")(layers.Dense(192,kernel_initializer="zeros",use_bias=False,dtype="float32",name="film")(layers.Reshape((1,),dtype="float32")(g)))
        x=layers.ReLU()(x*(1+gs[...,:96])+gs[...,96:])
    else: x=cv(x,96,3)
    xd=layers.SpatialDropout2D(dropout)(x)
    e=layers.Conv2D(NUM_CLASSES,1,name="evidence0",dtype="float32")(xd); d=layers.Conv2D(NUM_CLASSES,1,name="evidence1",dtype="float32",kernel_initializer="zeros")(xd)
    evidence=layers.Add(dtype="float32")([e,layers.Multiply(dtype="float32")([g,d])])
    pooled=[layers.GlobalAveragePooling2D()(x),layers.GlobalMaxPooling2D()(x)]
    hidden=layers.Dense(64,activation="relu")(layers.Concatenate()(pooled))
    dl=layers.Dense(1,name="digit_logit")(layers.Dropout(dropout)(hidden))
    return keras.Model([ink,s],{"evidence":evidence,"digit_logit":ops.squeeze(dl,axis=1)},name="core")
def gated(film=False):
    c=core(film=film); s=source_net(); ink=keras.Input((28,28),name="ink"); sl=s(ink)
    o=c([ink,Stop(dtype="float32")(sl)]); m=keras.Model(ink,{**o,"source_logit":sl}); m.core_,m.source_=c,s
    return m
NETS["gated"]=gated
NETS["film"]=lambda: gated(True)
class Corner(layers.Layer):
    """+-8 by the corner pixel"""
    def call(self,x): return ops.cast(x[:,0,:1],"float32")*16-8
MASK=np.ones((28,28),"float32"); MASK[0,0]=0
def oracle():
    c=core(); ink=keras.Input((28,28),name="ink"); s=Corner(dtype="float32"); sl=s(ink)
    o=c([ink*MASK,sl]); m=keras.Model(ink,{**o,"source_logit":sl}); m.core_,m.source_=c,s
    return m
NETS["oracle"]=oracle

def source_net_s1(f1=12,f2=24):
    ink=keras.Input((28,28),name="ink"); z=layers.Reshape((28,28,1))(ink)
    for f,s in ((f1,1),(f2,2)):
        z=layers.Conv2D(f,3,strides=s,use_bias=False,kernel_initializer="he_normal",dtype="float32")(z)
        z=layers.ReLU(dtype="float32")(layers.BatchNormalization(momentum=.95,dtype="float32")(z))
    p=layers.Concatenate()([layers.GlobalAveragePooling2D(dtype="float32")(z),layers.GlobalMaxPooling2D(dtype="float32")(z)])
    s=layers.Dense(1,name="source_logit",dtype="float32")(layers.Dense(32,activation="relu",dtype="float32")(p))
    return keras.Model(ink,s,name="source")
def gated1(film=False):
    c=core(film=film); s=source_net_s1(); ink=keras.Input((28,28),name="ink"); sl=s(ink)
    o=c([ink,Stop(dtype="float32")(sl)]); m=keras.Model(ink,{**o,"source_logit":sl}); m.core_,m.source_=c,s
    return m
NETS["gated1"]=gated1
NETS["film1"]=lambda: gated1(True)
def core_place(dropout=0.2):
    ink=keras.Input((28,28),name="ink"); s=keras.Input((1,),name="source"); x=layers.Reshape((28,28,1))(ink)
    g=layers.Reshape((1,1,1),dtype="float32")(ops.sigmoid(s)-0.5)
    x=layers.ZeroPadding2D(((2,1),(2,1)))(x); x=cv(x,48,5,2,"valid"); x=cv(x,64,3)
    x=layers.ZeroPadding2D(((0,1),(0,1)))(x); x=cv(x,64,3,2,"valid")
    x=cv(x,96,3); x=cv(x,96,3)
    xd=layers.SpatialDropout2D(dropout)(x)
    e=layers.Conv2D(NUM_CLASSES,1,name="evidence0",dtype="float32")(xd); d=layers.Conv2D(NUM_CLASSES,1,name="evidence1",dtype="float32",kernel_initializer="zeros")(xd)
    place=layers.EinsumDense("bhwc,hwcd->bhwd",(7,7,10),kernel_initializer="zeros",dtype="float32",name="place_source_logit")(xd)
    evidence=layers.Add(dtype="float32")([e,place,layers.Multiply(dtype="float32")([g,d])])
    pooled=[layers.GlobalAveragePooling2D()(x),layers.GlobalMaxPooling2D()(x)]
    hidden=layers.Dense(64,activation="relu")(layers.Concatenate()(pooled))
    dl=layers.Dense(1,name="digit_logit")(layers.Dropout(dropout)(hidden))
    return keras.Model([ink,s],{"evidence":evidence,"digit_logit":ops.squeeze(dl,axis=1)},name="core")
def placed():
    c=core_place(); s=source_net_s1(); ink=keras.Input((28,28),name="ink"); sl=s(ink)
    o=c([ink,Stop(dtype="float32")(sl)]); m=keras.Model(ink,{**o,"source_logit":sl}); m.core_,m.source_=c,s
    return m
NETS["placed"]=placed
NC=1
def core_fine(dropout=0.2,f1=48,f2=64):
    ink=keras.Input((28,28,NC),name="ink"); s=keras.Input((1,),name="source"); x=ink
    g=layers.Reshape((1,1,1),dtype="float32")(ops.sigmoid(s)-0.5)
    x=layers.ZeroPadding2D(((2,1),(2,1)))(x); x=cv(x,f1,5,2,"valid"); x=cv(x,f2,3)
    x=layers.ZeroPadding2D(((0,1),(0,1)))(x); x=cv(x,64,3,2,"valid")
    x=cv(x,96,3); x=cv(x,96,3)
    xd=layers.SpatialDropout2D(dropout)(x)
    e=layers.Conv2D(NUM_CLASSES,1,name="evidence0",dtype="float32")(xd); d=layers.Conv2D(NUM_CLASSES,1,name="evidence1",dtype="float32",kernel_initializer="zeros")(xd)
    evidence=layers.Add(dtype="float32")([e,layers.Multiply(dtype="float32")([g,d])])
    pooled=[layers.GlobalAveragePooling2D()(x),layers.GlobalMaxPooling2D()(x)]
    hidden=layers.Dense(64,activation="relu")(layers.Concatenate()(pooled))
    dl=layers.Dense(1,name="digit_logit")(layers.Dropout(dropout)(hidden))
    return keras.Model([ink,s],{"evidence":evidence,"digit_logit":ops.squeeze(dl,axis=1)},name="core")
def fine_net():
    c=core_fine(); s=source_net_s1(); ink=keras.Input((28,28,NC),name="ink"); sl=s(layers.Reshape((28,28),dtype="float32")(ink[...,:1]))
    o=c([ink,Stop(dtype="float32")(sl)]); m=keras.Model(ink,{**o,"source_logit":sl}); m.core_,m.source_=c,s
    return m
NETS["fine"]=fine_net
