"""Whole algorithms as people write them: graphs, sorts, parsers, simulations, solvers, searches by recursion."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
RNG = np.random.default_rng(11)
V = RNG.normal(size=7)
Q = RNG.uniform(0.2, 1.5, size=(4, 4)) + 3.0 * np.eye(4)
LOGS = np.log(RNG.uniform(0.2, 1.0, size=(4, 4)))
CAPACITIES = RNG.uniform(0.5, 2.0, size=(5, 5))
EDGES = np.array([[0, 1], [0, 2], [1, 2], [1, 3], [2, 3], [3, 4], [2, 4]])
EDGE_WEIGHTS = RNG.uniform(0.5, 2.0, size=7)
TOKENS = np.array([3, 12, 0, 5, 12, 3, 11, 4, 13, 99])  # an item each; 10 +, 11 -, 12 *, 13 /, 99 the end


@case(V)
def heap_of_values(x):
    """push all, pop three smallest; a float heap in an array"""
    heap = np.empty(x.size)
    size = 0
    for v in x:
        heap[size] = v * v
        i = size
        size += 1
        while i > 0 and heap[(i - 1) // 2] > heap[i]:
            p = (i - 1) // 2
            heap[i], heap[p] = heap[p], heap[i]
            i = p
    out = 0.0
    weight = 1.0
    for _ in range(3):
        top = heap[0]
        out += weight * top
        weight *= 0.5 + top
        size -= 1
        heap[0] = heap[size]
        i = 0
        while 2 * i + 1 < size:
            c = 2 * i + 1
            if c + 1 < size and heap[c + 1] < heap[c]:
                c += 1
            if heap[c] >= heap[i]:
                break
            heap[c], heap[i] = heap[i], heap[c]
            i = c
    return out


@case(EDGE_WEIGHTS, EDGES, 5)
def dijkstra_dense(w, edges, n):
    INF = 1e18
    dist = np.full(n, INF)
    dist[0] = 0.0
    done = np.zeros(n, dtype=np.bool_)
    for _ in range(n):
        best = -1
        for u in range(n):
            if not done[u] and (best == -1 or dist[u] < dist[best]):
                best = u
        if best < 0 or dist[best] == INF:
            break
        done[best] = True
        for e in range(edges.shape[0]):
            a, b = edges[e, 0], edges[e, 1]
            if a != best and b != best:
                continue
            other = b if a == best else a
            if done[other]:
                continue
            cand = dist[best] + w[e] ** 2
            if cand < dist[other]:
                dist[other] = cand
    return dist.sum() + dist[n - 1] * dist[1]


@case(EDGE_WEIGHTS, EDGES, 5)
def kruskal_union_find(w, edges, n):
    parent = np.arange(n)
    order = np.argsort(w)
    cost = 0.0
    prod = 1.0
    for k in order:
        a = edges[k, 0]
        b = edges[k, 1]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            b = parent[b]
        if a == b:
            continue
        parent[a] = b
        cost += w[k]
        prod *= math.log1p(w[k])
    return cost * prod


@case(CAPACITIES)
def max_flow_dfs(cap):
    n = cap.shape[0]
    res = cap.copy()
    flow = 0.0
    prev = np.empty(n, np.int64)
    while True:
        prev[:] = -1
        prev[0] = 0
        stack = [0]
        while len(stack) > 0 and prev[n - 1] < 0:
            u = stack.pop()
            for v in range(n):
                if prev[v] < 0 and res[u, v] > 1e-9:
                    prev[v] = u
                    stack.append(v)
        if prev[n - 1] < 0:
            break
        bottleneck = np.inf
        v = n - 1
        while v != 0:
            bottleneck = min(bottleneck, res[prev[v], v])
            v = prev[v]
        v = n - 1
        while v != 0:
            u = prev[v]
            res[u, v] -= bottleneck
            res[v, u] += bottleneck
            v = u
        flow += bottleneck
    return flow * flow


def merge(a, lo, mid, hi):
    left = a[lo:mid].copy()
    right = a[mid:hi].copy()
    i = j = 0
    for k in range(lo, hi):
        if j >= right.size or (i < left.size and left[i] <= right[j]):
            a[k] = left[i]
            i += 1
        else:
            a[k] = right[j]
            j += 1


def msort(a, lo, hi):
    if hi - lo <= 1:
        return
    mid = (lo + hi) // 2
    msort(a, lo, mid)
    msort(a, mid, hi)
    merge(a, lo, mid, hi)


@case(V)
def merge_sort_lorenz(x):
    a = np.exp(x)
    msort(a, 0, a.size)
    cum = np.cumsum(a)
    return 1.0 - 2.0 * np.mean(cum / cum[-1])


@case(V, 3)
def quickselect(a, k):
    lo, hi = 0, len(a) - 1
    steps = 0.0
    while lo < hi:
        pivot = a[(lo + hi) // 2]
        i, j = lo, hi
        while i <= j:
            while a[i] < pivot:
                i += 1
            while a[j] > pivot:
                j -= 1
            if i <= j:
                a[i], a[j] = a[j], a[i]
                i += 1
                j -= 1
        steps += pivot * 0.1
        if k <= j:
            hi = j
        elif k >= i:
            lo = i
        else:
            break
    return a[k] * a[k] + steps


@case(V, np.array([3, 0, 5, 1, 6, 2, 4]))
def cycle_permutation(x, perm):
    p = perm.copy()
    for start in range(p.size):
        j = start
        carry = x[start]
        while p[j] != start:
            k = p[j]
            x[j] = x[k] * 1.5
            p[j] = j
            j = k
        x[j] = carry
        p[j] = j
    return np.sum(x * np.arange(1.0, x.size + 1))


@case(V, 3)
def sliding_min_deque(x, k):
    n = x.size
    dq = np.zeros(n, np.int64)
    head = tail = 0
    out = np.zeros(n - k + 1)
    for i in range(n):
        while tail > head and x[dq[tail - 1]] >= x[i]:
            tail -= 1
        dq[tail] = i
        tail += 1
        if dq[head] <= i - k:
            head += 1
        if i >= k - 1:
            out[i - k + 1] = x[dq[head]]
    return (out * np.arange(out.size)).sum() + out.max()


@case(Q, V[:4])
def gmres_small(A, b):
    n = b.size
    m = 3
    Q = np.zeros((n, m + 1))
    H = np.zeros((m + 1, m))
    beta = np.sqrt(np.sum(b ** 2))
    Q[:, 0] = b / beta
    cs = np.zeros(m)
    sn = np.zeros(m)
    g = np.zeros(m + 1)
    g[0] = beta
    for k in range(m):
        w = A @ Q[:, k]
        for j in range(k + 1):
            H[j, k] = Q[:, j] @ w
            w = w - H[j, k] * Q[:, j]
        H[k + 1, k] = np.linalg.norm(w)
        Q[:, k + 1] = w / H[k + 1, k]
        for j in range(k):
            t = cs[j] * H[j, k] + sn[j] * H[j + 1, k]
            H[j + 1, k] = -sn[j] * H[j, k] + cs[j] * H[j + 1, k]
            H[j, k] = t
        r = math.hypot(H[k, k], H[k + 1, k])
        cs[k], sn[k] = H[k, k] / r, H[k + 1, k] / r
        H[k, k] = r
        H[k + 1, k] = 0.0
        g[k], g[k + 1] = cs[k] * g[k], -sn[k] * g[k]
    y = np.zeros(m)
    for i in range(m - 1, -1, -1):
        y[i] = (g[i] - H[i, i + 1 : m] @ y[i + 1 :]) / H[i, i]
    x = Q[:, :m] @ y
    return x @ x + abs(g[m])


@case(LOGS, LOGS[:, 1:], np.array([0, 2, 1, 2, 2, 0]))
def viterbi_path_score(lt, le, obs):
    n, T = lt.shape[0], obs.size
    score = np.zeros((T, n))
    back = np.zeros((T, n), dtype=np.int32)
    score[0] = le[:, obs[0]]
    for t in range(1, T):
        for j in range(n):
            cand = score[t - 1] + lt[:, j]
            back[t, j] = np.argmax(cand)
            score[t, j] = cand[back[t, j]] + le[j, obs[t]]
    path = np.zeros(T, dtype=np.int64)
    path[-1] = score[-1].argmax()
    for t in range(T - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    margin = 0.0
    for t in range(T):
        margin += score[t, path[t]] - score[t].mean()
    return margin


@case(1.2, 0.4)
def brent_root_in_loss(a, b):
    def g(x):
        return x ** 3 - a * x - b
    lo, hi = 1.0, 3.0
    flo, fhi = g(lo), g(hi)
    c, fc = lo, flo
    d = e = hi - lo
    for _ in range(60):
        if fhi * fc > 0:
            c, fc = lo, flo
            d = e = hi - lo
        if abs(fc) < abs(fhi):
            lo, hi, c = hi, c, hi
            flo, fhi, fc = fhi, fc, fhi
        tol = 1e-9
        m = 0.5 * (c - hi)
        if abs(m) <= tol or fhi == 0.0:
            break
        if abs(e) >= tol and abs(flo) > abs(fhi):
            s = fhi / flo
            if lo == c:
                p = 2 * m * s
                q = 1 - s
            else:
                q = flo / fc
                r = fhi / fc
                p = s * (2 * m * q * (q - r) - (hi - lo) * (r - 1))
                q = (q - 1) * (r - 1) * (s - 1)
            if p > 0:
                q = -q
            else:
                p = -p
            if 2 * p < min(3 * m * q - abs(tol * q), abs(e * q)):
                e, d = d, p / q
            else:
                d = m
                e = m
        else:
            d = e = m
        lo, flo = hi, fhi
        hi += d if abs(d) > tol else math.copysign(tol, m)
        fhi = g(hi)
    return hi * hi + a


@case(np.array([1.0, 0.5]), 0.8, 1e-3)
def rk45_adaptive_reject(y0, mu, tol):
    def rhs(y):
        return np.array([y[1], mu * (1 - y[0] ** 2) * y[1] - y[0]])
    t, h = 0.0, 0.5
    y = y0.copy()
    rejected = 0
    while t < 2.0:
        if t + h > 2.0:
            h = 2.0 - t
        k1 = rhs(y)
        k2 = rhs(y + h * 0.25 * k1)
        k3 = rhs(y + h * (3 / 32 * k1 + 9 / 32 * k2))
        k4 = rhs(y + h * (1932 / 2197 * k1 - 7200 / 2197 * k2 + 7296 / 2197 * k3))
        k5 = rhs(y + h * (439 / 216 * k1 - 8 * k2 + 3680 / 513 * k3 - 845 / 4104 * k4))
        y4 = y + h * (25 / 216 * k1 + 1408 / 2565 * k3 + 2197 / 4104 * k4 - k5 / 5)
        err = np.abs(h * (k1 / 360 - 128 / 4275 * k3 - 2197 / 75240 * k4 + k5 / 50)).max()
        if err > tol:
            rejected += 1
            h *= 0.5
            continue
        t += h
        y = y4
        h *= min(2.0, max(0.3, 0.9 * (tol / err) ** 0.2))
    return y[0] * y[1] + 0.01 * rejected


def smooth(u, f, h, times):
    for _ in range(times):
        for i in range(1, u.size - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] + h * h * f[i])


def vcycle(u, f, h):
    n = u.size
    if n <= 3:
        u[1] = 0.5 * (u[0] + u[2] + h * h * f[1])
        return
    smooth(u, f, h, 2)
    m = n // 2 + 1
    rc = np.zeros(m)
    for i in range(1, m - 1):
        k = 2 * i
        r0 = f[k] - (2 * u[k] - u[k - 1] - u[k + 1]) / h**2
        rm = f[k - 1] - (2 * u[k - 1] - u[k - 2] - u[k]) / h**2
        rp = f[k + 1] - (2 * u[k + 1] - u[k] - u[k + 2]) / h**2
        rc[i] = 0.25 * rm + 0.5 * r0 + 0.25 * rp
    ec = np.zeros(m)
    vcycle(ec, rc, 2 * h)
    for i in range(m - 1):
        u[2 * i] += ec[i]
        u[2 * i + 1] += 0.5 * (ec[i] + ec[i + 1])
    smooth(u, f, h, 1)


@case(np.append(V, V[:2]))
def multigrid_recursive(f):
    u = np.zeros(f.size)
    vcycle(u, f, 1.0 / (f.size - 1))
    vcycle(u, f, 1.0 / (f.size - 1))
    return np.sum(u * f) + u[4] ** 2


@case(V)
def overlap_aug(x):
    x[1:] += x[:-1]
    x[2:] -= x[:-2] * x[1:-1]
    x[:-1] *= x[1:]
    return x.sum()


def tree(a, k, depth):
    """two results and a write"""
    if depth == 0:
        a[k % a.size] += 0.1 * a[0]
        return a[k % a.size], 1
    s, c = 0.0, 0
    for child in range(2):
        v, n = tree(a, 2 * k + child, depth - 1)
        s += v * (child + 1)
        c += n
    a[k % a.size] *= 1.01
    return s, c


@case(V)
def recursion_writes_tuple(x):
    s, c = tree(x, 1, 3)
    return s / c + x @ x


def perms(a, k, x):
    """permanent by recursion with swap and undo"""
    n = a.shape[0]
    if k == n:
        p = 1.0
        for i in range(n):
            p *= a[i, x[i]]
        return p
    s = 0.0
    for i in range(k, n):
        x[k], x[i] = x[i], x[k]
        s += perms(a, k + 1, x)
        x[k], x[i] = x[i], x[k]
    return s


@case(Q[:3, :3])
def permanent(a):
    return perms(a, 0, np.arange(a.shape[0]))


@case(np.array([2.0, 0.5, -1.0, 1.5, 3.0, 0.7]), TOKENS)
def tokens_precedence_parser(val, toks):
    """shunting yard with float and int arrays as stacks; 10.. are operators"""
    vals = np.zeros(16)
    ops = np.zeros(16, dtype=np.int64)
    nv = no = 0
    i = 0
    while True:
        t = toks[i]
        if t < 10:
            vals[nv] = val[t]
            nv += 1
        else:
            while no > 0 and (t == 99 or ops[no - 1] >= t - t % 2):
                no -= 1
                op = ops[no]
                b, a = vals[nv - 1], vals[nv - 2]
                nv -= 2
                if op == 10:
                    r = a + b
                elif op == 11:
                    r = a - b
                elif op == 12:
                    r = a * b
                else:
                    r = a / b
                vals[nv] = r
                nv += 1
            if t == 99:
                break
            ops[no] = t
            no += 1
        i += 1
    return vals[0]


@case(V)
def event_queue_simulation(rates):
    """next event from an array of clocks; bouncing priorities"""
    n = rates.size
    clock = np.exp(rates)
    t = 0.0
    load = np.zeros(n)
    k = 0
    while k < 12:
        i = int(np.argmin(clock))
        now = clock[i]
        if now > 8.0:
            break
        load *= math.exp(-(now - t))
        load[i] += 1.0 / (1.0 + load.sum())
        t = now
        clock[i] += math.exp(rates[i]) * (1 + load[i])
        k += 1
    return load.sum() + t


@case(CAPACITIES[:3])
def dp_with_backpointers(cost):
    n, m = cost.shape
    D = np.full((n, m), 1e9)
    B = np.zeros((n, m, 2), np.int64)
    D[0, 0] = cost[0, 0]
    for i in range(n):
        for j in range(m):
            for di, dj in ((1, 0), (0, 1), (1, 1)):
                a, b = i - di, j - dj
                if a < 0 or b < 0:
                    continue
                c = D[a, b] + cost[i, j] * (1.4 if di and dj else 1.0)
                if c < D[i, j]:
                    D[i, j] = c
                    B[i, j, 0], B[i, j, 1] = a, b
    i, j = n - 1, m - 1
    out = 0.0
    while (i, j) != (0, 0):
        out += cost[i, j] ** 2
        i, j = B[i, j]
    return D[-1, -1] + out


@case(V, 0.1)
def early_return_from_inner_while(x, tol):
    k = 0
    for v in x:
        lo, hi = 0.0, 3.0
        while True:
            mid = (lo + hi) * 0.5
            fm = mid * mid + v * mid - 1.0
            if abs(fm) < tol or hi - lo < 1e-6:
                break
            if fm > 0:
                hi = mid
            else:
                lo = mid
        nw = mid - fm / (2 * mid + v)
        if nw > 1.9:
            return nw * k + x[0]
        x[k] = nw
        k += 1
    return x.sum()


@case(LOGS[:3, :2], np.array([0.5, -0.5]))
def clip_polygon_area(poly_off, n):
    """Sutherland-Hodgman against a half plane with a list-like array and count"""
    base = np.array([[0.0, 0.0], [3.0, 0.2], [1.5, 2.5]])
    poly = base + 0.1 * poly_off
    out = np.zeros((8, 2))
    k = 0
    prev = poly[-1]
    dprev = prev @ n - 0.1
    for p in poly:
        d = p @ n - 0.1
        if (d >= 0) != (dprev >= 0):
            t = dprev / (dprev - d)
            out[k] = prev + t * (p - prev)
            k += 1
        if d >= 0:
            out[k] = p
            k += 1
        prev, dprev = p, d
    a = 0.0
    for i in range(k):
        j = (i + 1) % k
        a += out[i, 0] * out[j, 1] - out[j, 0] * out[i, 1]
    return 0.5 * a


@case(CAPACITIES[:, :2], CAPACITIES[2:4, 2:4])
def kmeans_empty_cluster(X, C):
    k = C.shape[0]
    for it in range(3):
        counts = np.zeros(k, dtype=np.int64)
        sums = np.zeros_like(C)
        inertia = 0.0
        for i in range(len(X)):
            best, bd = 0, np.inf
            for j in range(k):
                d = ((X[i] - C[j]) ** 2).sum()
                if d < bd:
                    best, bd = j, d
            counts[best] += 1
            sums[best] += X[i]
            inertia += bd
        for j in range(k):
            if counts[j] == 0:
                continue
            C[j] = sums[j] / counts[j]
    return inertia + C[0, 0] * counts[0]
