"""Objects of classes: those of the module, read as they are; those made in the function; methods of namedtuples."""

import math
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, 0.9])


class Spring:
    unit = 2.0

    def __init__(self, k, rest=1.0, kind="lin"):
        self.k = k
        self.rest = rest
        self.kind = kind
        self.w = np.array([1.0, 2.0])
        self.table = {"a": 2.0, "b": 3.0}
        self.links = [0.5, 0.7]
        self.act = math.sin

    def force(self, x):
        return -self.k * (x - self.rest)

    def energy(self, x):
        if self.kind == "lin":
            return -0.5 * self.force(x) * (x - self.rest) * self.unit
        return x

    @property
    def twice(self):
        return 2.0 * self.k

    @staticmethod
    def square(t):
        return t * t

    @classmethod
    def scaled(cls, k):
        return cls.unit * k

    def __call__(self, t):
        return self.k * t

    def series(self, t, n):
        return 1.0 if n == 0 else t * self.rest * self.series(t, n - 1) + self.k


@dataclass(frozen=True)
class Params:
    alpha: float
    w: np.ndarray
    inner: Spring


class State(NamedTuple):
    pos: float
    vel: float

    def energy(self, k=1.0):
        return 0.5 * self.vel**2 + 0.5 * k * self.pos**2

    @property
    def speed(self):
        return abs(self.vel)

    def moved(self, dt):
        return State(self.pos + dt * self.vel, self.vel - dt * self.pos)


@dataclass
class Body:
    mass: float
    x: float
    v: float = 0.0
    path: list = field(default_factory=list)

    def kinetic(self):
        return 0.5 * self.mass * self.v**2

    def step(self, f, dt):
        self.v += f / self.mass * dt
        self.x += self.v * dt
        self.path.append(self.x * self.v)


@dataclass
class Vec:
    x: float
    y: float

    def plus(self, o):
        return Vec(self.x + o.x, self.y + o.y)

    def scaled(self, k):
        return Vec(k * self.x, k * self.y)


class Above:
    scale = 2.0

    def __init__(self, k):
        self.k = k

    def whole(self):
        return self.k * self.scale * self.shape()

    def shape(self):
        return 1.0


class Below(Above):
    scale = 3.0

    def __init__(self, k, m):
        super().__init__(k)
        self.m = m

    def shape(self):
        return super().shape() + self.m


class Counter:
    def __init__(self, start, kind=None):
        self.total = start
        if kind is None:
            self.n = 0
        self._reset()

    def _reset(self):
        self.seen = np.zeros(3)

    def add(self, v):
        self.seen[self.n % 3] += v
        self.n += 1
        if v > 0:
            self.total += v * self.n
        else:
            self.total = self.total * 0.5
        return self.total


class Net:
    def __init__(self, w, act):
        self.w, self.act = w, act
        self.spring = Spring(2.0)

    def forward(self, h):
        return self.act(self.w * h).sum() + self.spring.energy(h[0]) + self.w.sum()


SPRING = Spring(3.0)
PARAMS = Params(0.7, np.array([1.0, 2.0, 3.0, 4.0, 5.0]), Spring(1.5))
SPACE = SimpleNamespace(a=2.0, f=math.exp, w=np.ones(5))


BELOW = Below(2.0, 1.5)


def twice(b, n):
    b.k *= n
    return b.k


def layer(n, a):
    return {"W": a * np.ones((n, n)), "b": a * np.arange(n)}


@case(V)
def of_the_module(x):
    s = SPRING.energy(x[1]) + SPRING.force(x[2]) * SPRING.twice + SPRING.square(x[0]) + Spring.square(x[1])
    s += PARAMS.alpha * x[3] + (PARAMS.w * x).sum() + PARAMS.w.sum() * x[0] + PARAMS.inner.energy(x[4])
    s += SPACE.f(x[0]) * SPACE.a + SPACE.w @ x + SPRING(x[2]) + SPRING.w.copy().sum() * x[1] + SPRING.act(x[3])
    for link in SPRING.links:
        s += link * x[1] ** 2
    return s + SPRING.table["a"] * x[0] ** 2 + SPRING.scaled(x[0]) * len(PARAMS.w)


@case(V)
def methods_that_call_themselves(x):
    return SPRING.series(x[0], 4) * x[1]


@case(V)
def methods_of_namedtuples(x):
    s, e = State(x[0], x[1]), 0.0
    for _ in range(5):
        s = s.moved(0.1 * x[2])
        e += s.energy(2.0) * s.speed
    return e + s.moved(0.5).energy() + State(x[0], x[2]).energy()


@case(State(0.5, 0.7), 2.0)
def namedtuples_given(s, k):
    return s.energy(k) + s.speed + s.moved(k).pos


@case(V)
def made_here(x):
    b, c = Body(x[0], x[1], v=x[2]), 1.0
    o = Body(mass=2.0, x=x[3])
    for _ in range(4):
        f = o.x - b.x
        b.step(f, 0.1)
        o.step(-f, 0.1 * x[4])
    b.x += 0.1 * b.v * c
    return b.kinetic() + b.x * o.x + o.kinetic() + sum(b.path) * o.path[-1]


@case(V)
def made_again(x):
    s = 0.0
    for i in range(3):
        c = Counter(x[i])
        s += c.add(x[3]) + c.add(s * 0.1)
    if x[0] > 0:
        c = Counter(s)
    for v in x:
        s += c.add(v) * c.total
    c.total -= x[1]
    return s * c.total + c.n + (c.seen**2).sum()


@case(V)
def some_paths(x):
    s = 0.0
    for i in range(len(x)):
        if i % 2 == 0:
            b = Spring(x[i])
        s += b.force(x[0]) * (i + 1)
        b.k += 1.0
    return s


@case(V)
def changed(x):
    b = Spring(x[0])
    s = b.k + twice(b, x[1]) * b.k
    b.k, b.rest = b.rest, b.k
    b.w[0] = b.k
    b.w += 1.0
    old = b.k
    b.k = 5.0 * x[2]
    return s * b.force(x[3]) + b.w.sum() + old * b.k + b.table["a"] * x[4] + sum(b.links) * b.act(x[1])


@case(V)
def several(x):
    bodies = [Body(1.0, x[0], x[1]), Body(2.0, x[2]), Body(x[4], x[3], 1.0)]
    for _ in range(3):
        for i, b in enumerate(bodies):
            f = 0.0
            for j, o in enumerate(bodies):
                if i != j:
                    f += o.x - b.x
            b.step(f, 0.1)
    return sum(b.kinetic() for b in bodies) + bodies[0].x * bodies[1].v


@case(V)
def in_each_other(x):
    n = Net(x, np.tanh)
    m = Net(x * 2, lambda t: t * t)
    n.w[1] = 3.0 * x[0]
    n.spring.k *= x[1]
    return n.forward(x) * m.forward(x[::-1]) + x[1]


@case(V)
def returned(x):
    a, b = Vec(x[0], x[1]), 2.0
    c = a.plus(Vec(x[2], x[3])).scaled(x[4])
    for i in range(3):
        c = c.plus(a.scaled(0.1 * i))
        if c.x > 1.0:
            c = Vec(c.y, c.x)
    p = layer(5, x[0])
    s = layer(3, x[1])["W"].sum()
    for i in range(3):
        q = layer(5, x[i])
        s += np.tanh(q["W"] @ x + p["b"]).sum() * q["b"][1]
    return c.x * a.y + a.plus(a).x * b + c.scaled(2.0).plus(c).y + s


@case(V)
def inherited(x):
    return Below(x[0], x[1]).whole() * Above(x[2]).whole() + BELOW.whole() * x[3]


def either_way(p, q):
    p.k = 3.0 * q.k
    return q.k * p.rest


@case(V)
def one_object_twice(x):
    b = Spring(x[0], x[1])
    s = either_way(b, b) + b.k

    def made(i):
        o = Vec(x[i], 1.0)
        o.y += i
        return o

    for i in range(len(x)):
        p = made(i)
        if i % 2:
            p.x *= s
        s += p.x * p.y
    return s * p.x


@case(V)
def arrays_held(x):
    y = x * 1.0
    p = Vec(y, y)
    p.x += 1.0
    p.y[0] = x[1]
    z = p.x
    p.x = p.x * 2
    return (y * z).sum() + (p.x * p.y).sum()
