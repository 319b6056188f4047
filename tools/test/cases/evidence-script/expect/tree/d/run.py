import sys


def other(x):
    a = 1
    b = 2
    b += x
    c = 3
    d = 4
    return a
