import sys, types
m = types.ModuleType("drawn_digits"); m.__path__ = ["/work/main/src/drawn_digits", "src/drawn_digits"]; sys.modules["drawn_digits"] = m
