"""Numerics as people write them: the lecture's models, solvers, factorisations, simulations, dynamic programming."""

import math

import numpy as np

from . import Case


def logistic_regression(w, x, y, lam):
    loss = 0.0
    for i in range(len(w)):
        loss += 0.5 * w[i] * w[i]
    for k in range(x.shape[0]):
        u = 0.0
        for j in range(len(w)):
            u += w[j] * x[k, j]
        p = 1.0 / (1.0 + math.exp(-y[k] * u))
        loss -= lam * math.log(p)
    return loss


def negative_log_likelihood(w, x):
    u = 0.0
    for i in range(len(w)):
        u += w[i] * x[i]
    return -math.log(1.0 / (1.0 + math.exp(-u)))


def linear_layer(weights, bias, x, target):
    loss = 0.0
    for i in range(weights.shape[0]):
        h = bias[i]
        for j in range(weights.shape[1]):
            h += weights[i, j] * x[j]
        loss += (h - target[i]) ** 2
    return loss


def two_layers_relu(w1, w2, x):
    hidden = np.zeros(w1.shape[0])
    for i in range(w1.shape[0]):
        for j in range(w1.shape[1]):
            hidden[i] += w1[i, j] * x[j]
        hidden[i] = max(hidden[i], 0.0)
    s = 0.0
    for i in range(w2.shape[0]):
        out = 0.0
        for j in range(w2.shape[1]):
            out += w2[i, j] * hidden[j]
        s += out * out
    return s


def leaky_relu_layer(x, alpha):
    s = 0.0
    for i in range(len(x)):
        s += max(alpha * x[i], x[i]) * (i + 1)
    return s


def activations(x):
    sigmoid = 1.0 / (1.0 + math.exp(-x))
    relu = max(0.0, x)
    leaky = max(0.1 * x, x)
    elu = x if x > 0.0 else math.exp(x) - 1.0
    gelu = 0.5 * x * (1.0 + math.erf(x / math.sqrt(2.0)))
    swish = x * sigmoid
    return sigmoid + 2.0 * math.tanh(x) + 3.0 * relu + 4.0 * leaky + 5.0 * elu + 6.0 * gelu + 7.0 * swish


def rnn_cell(wh, wx, x, h0):
    n = len(h0)
    h = h0.copy()
    for t in range(x.shape[0]):
        new = np.zeros(n)
        for i in range(n):
            a = 0.0
            for j in range(n):
                a += wh[i, j] * h[j]
            for j in range(x.shape[1]):
                a += wx[i, j] * x[t, j]
            new[i] = math.tanh(a)
        h = new
    s = 0.0
    for i in range(n):
        s += h[i] * h[i]
    return s


def _sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))


def lstm_cell(w, x, h, c):
    for t in range(len(x)):
        f = _sigmoid(w[0, 0] * x[t] + w[0, 1] * h)
        i = _sigmoid(w[1, 0] * x[t] + w[1, 1] * h)
        o = _sigmoid(w[2, 0] * x[t] + w[2, 1] * h)
        g = math.tanh(w[3, 0] * x[t] + w[3, 1] * h)
        c = f * c + i * g
        h = o * math.tanh(c)
    return h * h + c


def softmax_cross_entropy(z, label):
    m = z[0]
    for i in range(1, len(z)):
        if z[i] > m:
            m = z[i]
    s = 0.0
    for i in range(len(z)):
        s += math.exp(z[i] - m)
    return m + math.log(s) - z[label]


def log_sum_exp(v):
    m = -math.inf
    for i in range(len(v)):
        m = max(m, v[i])
    s = 0.0
    for i in range(len(v)):
        s += math.exp(v[i] - m)
    return m + math.log(s)


def attention_row(q, k, v):
    n = k.shape[0]
    scores = np.empty(n)
    top = -1e30
    for i in range(n):
        scores[i] = 0.0
        for j in range(len(q)):
            scores[i] += q[j] * k[i, j]
        top = max(top, scores[i])
    z = 0.0
    for i in range(n):
        scores[i] = math.exp(scores[i] - top)
        z += scores[i]
    out = 0.0
    for i in range(n):
        out += scores[i] / z * v[i]
    return out


def horner(c, x):
    s = 0.0
    for i in range(len(c) - 1, -1, -1):
        s = s * x + c[i]
    return s


def convolution(signal, kernel):
    n = len(signal) - len(kernel) + 1
    s = 0.0
    for i in range(n):
        t = 0.0
        for j in range(len(kernel)):
            t += signal[i + j] * kernel[j]
        s += t * t
    return s


def convolution_2d_maxpool(image, kernel):
    total = 0.0
    best = -1e30
    for r in range(image.shape[0] - 1):
        for c in range(image.shape[1] - 1):
            t = 0.0
            for i in range(2):
                for j in range(2):
                    t += image[r + i, c + j] * kernel[i, j]
            best = max(best, t)
            total += t * t
    return total + best


def batch_norm(x, gamma, beta):
    n = len(x)
    mean = 0.0
    for i in range(n):
        mean += x[i]
    mean /= n
    var = 0.0
    for i in range(n):
        var += (x[i] - mean) ** 2
    var /= n
    s = 0.0
    for i in range(n):
        y = gamma * (x[i] - mean) / math.sqrt(var + 1e-5) + beta
        s += y * y * y
    return s


def rk4_pendulum(theta, omega, damping, n):
    h = 0.1
    for _ in range(n):
        k1t = omega
        k1o = -math.sin(theta) - damping * omega
        k2t = omega + 0.5 * h * k1o
        k2o = -math.sin(theta + 0.5 * h * k1t) - damping * k2t
        k3t = omega + 0.5 * h * k2o
        k3o = -math.sin(theta + 0.5 * h * k2t) - damping * k3t
        k4t = omega + h * k3o
        k4o = -math.sin(theta + h * k3t) - damping * k4t
        theta += h / 6.0 * (k1t + 2.0 * k2t + 2.0 * k3t + k4t)
        omega += h / 6.0 * (k1o + 2.0 * k2o + 2.0 * k3o + k4o)
    return theta * theta + omega


def _lotka_volterra(y, p, dy):
    dy[0] = p[0] * y[0] - p[1] * y[0] * y[1]
    dy[1] = p[2] * y[0] * y[1] - p[3] * y[1]


def rk2_in_place(y, p, n):
    k = np.zeros(2)
    mid = np.zeros(2)
    h = 0.05
    for _ in range(n):
        _lotka_volterra(y, p, k)
        for i in range(2):
            mid[i] = y[i] + 0.5 * h * k[i]
        _lotka_volterra(mid, p, k)
        for i in range(2):
            y[i] += h * k[i]
    return y[0] * y[1]


def adaptive_euler(y, rate, tol):
    t = 0.0
    h = 0.1
    while t < 1.0:
        if t + h > 1.0:
            h = 1.0 - t
        full = y + h * rate * math.cos(y)
        half = y + 0.5 * h * rate * math.cos(y)
        half = half + 0.5 * h * rate * math.cos(half)
        if abs(full - half) > tol:
            h = 0.5 * h
            continue
        y = half
        t += h
        h = 1.5 * h
    return y


def heat_explicit(u, alpha, steps):
    n = len(u)
    new = u.copy()
    for _ in range(steps):
        for i in range(1, n - 1):
            new[i] = u[i] + alpha * (u[i - 1] - 2.0 * u[i] + u[i + 1])
        for i in range(n):
            u[i] = new[i]
    return u[n // 2] * u[1]


def heat_2d_in_place(u, alpha, steps):
    for _ in range(steps):
        for i in range(1, u.shape[0] - 1):
            for j in range(1, u.shape[1] - 1):
                lap = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4.0 * u[i, j]
                u[i, j] += alpha * lap
    return u[1, 1] * u[2, 2]


def burgers(u, nu, dt, steps):
    n = len(u)
    for _ in range(steps):
        old = u.copy()
        for i in range(n):
            left = old[i - 1]
            right = old[(i + 1) % n]
            flux = old[i] * (old[i] - left) if old[i] > 0.0 else old[i] * (right - old[i])
            u[i] = old[i] - dt * flux + nu * dt * (left - 2.0 * old[i] + right)
    s = 0.0
    for i in range(n):
        s += u[i] ** 2
    return s


def newton_cube_root(a):
    x = a
    n = 0
    while abs(x * x * x - a) > 1e-9 and n < 60:
        x = x - (x * x * x - a) / (3.0 * x * x)
        n += 1
    return x


def kepler(mean_anomaly, e):
    big_e = mean_anomaly
    for _ in range(20):
        delta = (big_e - e * math.sin(big_e) - mean_anomaly) / (1.0 - e * math.cos(big_e))
        big_e -= delta
        if abs(delta) < 1e-12:
            break
    return math.cos(big_e) * (1.0 + e)


def bisection_root(a, b, c):
    lo = 0.0
    hi = 4.0
    for _ in range(30):
        mid = 0.5 * (lo + hi)
        if a * mid * mid + b * mid - c > 0.0:
            hi = mid
        else:
            lo = mid
    return 0.5 * (lo + hi) * a


def secant(a):
    x0 = 1.0
    x1 = a
    for _ in range(5):
        f0 = x0 * x0 - a
        f1 = x1 * x1 - a
        x0, x1 = x1, x1 - f1 * (x1 - x0) / (f1 - f0)
    return x1


def fixed_point(a, tol):
    x = a
    while True:
        new = math.cos(a * x)
        if abs(new - x) < tol:
            return new
        x = new


def kmeans_cost(points, centroids):
    cost = 0.0
    for i in range(points.shape[0]):
        best = math.inf
        for k in range(centroids.shape[0]):
            d = 0.0
            for j in range(points.shape[1]):
                e = points[i, j] - centroids[k, j]
                d += e * e
            if d < best:
                best = d
        cost += best
    return cost


def kmeans_cost_by_index(points, centroids):
    cost = 0.0
    for i in range(points.shape[0]):
        best = 1e300
        which = 0
        for k in range(centroids.shape[0]):
            d = (points[i, 0] - centroids[k, 0]) ** 2 + (points[i, 1] - centroids[k, 1]) ** 2
            if d < best:
                best = d
                which = k
        cost += (points[i, 0] - centroids[which, 0]) ** 2 + (points[i, 1] - centroids[which, 1]) ** 2
    return cost


def gaussian_mixture(x, means, log_sigmas, logits):
    n = len(means)
    top = logits[0]
    for k in range(1, n):
        top = max(top, logits[k])
    norm = 0.0
    for k in range(n):
        norm += math.exp(logits[k] - top)
    norm = top + math.log(norm)
    total = 0.0
    terms = np.empty(n)
    for i in range(len(x)):
        best = -math.inf
        for k in range(n):
            z = (x[i] - means[k]) * math.exp(-log_sigmas[k])
            terms[k] = logits[k] - norm - log_sigmas[k] - 0.5 * z * z
            best = max(best, terms[k])
        s = 0.0
        for k in range(n):
            s += math.exp(terms[k] - best)
        total += best + math.log(s)
    return total


def forward_substitution(lower, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        s = b[i]
        for j in range(i):
            s -= lower[i, j] * x[j]
        x[i] = s / lower[i, i]
    out = 0.0
    for i in range(n):
        out += x[i] * (i + 1)
    return out


def back_substitution_in_place(upper, b):
    n = len(b)
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            b[i] -= upper[i, j] * b[j]
        b[i] /= upper[i, i]
    return b[0] * b[0] + b[n - 1]


def cholesky_log_det(a):
    n = a.shape[0]
    lower = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = a[i, j]
            for k in range(j):
                s -= lower[i, k] * lower[j, k]
            if i == j:
                lower[i, j] = math.sqrt(s)
            else:
                lower[i, j] = s / lower[j, j]
    out = 0.0
    for i in range(n):
        out += 2.0 * math.log(lower[i, i])
    return out


def lu_in_place_solve(a, b):
    n = len(b)
    for k in range(n):
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]
    for i in range(n):
        for j in range(i):
            b[i] -= a[i, j] * b[j]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            b[i] -= a[i, j] * b[j]
        b[i] /= a[i, i]
    return b[0] + b[1] * b[2]


def lu_with_pivoting_det(a):
    n = a.shape[0]
    det = 1.0
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[p, k]):
                p = i
        if p != k:
            for j in range(n):
                a[k, j], a[p, j] = a[p, j], a[k, j]
            det = -det
        det *= a[k, k]
        for i in range(k + 1, n):
            f = a[i, k] / a[k, k]
            for j in range(k, n):
                a[i, j] -= f * a[k, j]
    return det


def gram_schmidt(a):
    n = a.shape[0]
    q = a.copy()
    for j in range(n):
        for k in range(j):
            r = 0.0
            for i in range(n):
                r += q[i, k] * q[i, j]
            for i in range(n):
                q[i, j] -= r * q[i, k]
        norm = 0.0
        for i in range(n):
            norm += q[i, j] * q[i, j]
        norm = math.sqrt(norm)
        for i in range(n):
            q[i, j] /= norm
    return q[0, 0] * q[1, 1] + q[2, 1] * q[0, 2]


def conjugate_gradient(a, b, steps):
    n = len(b)
    x = np.zeros(n)
    r = b.copy()
    p = b.copy()
    rr = 0.0
    for i in range(n):
        rr += r[i] * r[i]
    for _ in range(steps):
        ap = np.zeros(n)
        pap = 0.0
        for i in range(n):
            for j in range(n):
                ap[i] += a[i, j] * p[j]
            pap += p[i] * ap[i]
        alpha = rr / pap
        new = 0.0
        for i in range(n):
            x[i] += alpha * p[i]
            r[i] -= alpha * ap[i]
            new += r[i] * r[i]
        beta = new / rr
        rr = new
        for i in range(n):
            p[i] = r[i] + beta * p[i]
    return x[0] + x[1] * x[2]


def thomas_tridiagonal(lower, diag, upper, rhs):
    n = len(diag)
    for i in range(1, n):
        w = lower[i - 1] / diag[i - 1]
        diag[i] -= w * upper[i - 1]
        rhs[i] -= w * rhs[i - 1]
    rhs[n - 1] /= diag[n - 1]
    for i in range(n - 2, -1, -1):
        rhs[i] = (rhs[i] - upper[i] * rhs[i + 1]) / diag[i]
    return rhs[0] * rhs[n - 1] + rhs[1]


def matrix_power_trace(a, n):
    size = a.shape[0]
    out = np.zeros((size, size))
    for i in range(size):
        out[i, i] = 1.0
    while n > 0:
        if n & 1:
            new = np.zeros((size, size))
            for i in range(size):
                for j in range(size):
                    for k in range(size):
                        new[i, j] += out[i, k] * a[k, j]
            out = new
        square = np.zeros((size, size))
        for i in range(size):
            for j in range(size):
                for k in range(size):
                    square[i, j] += a[i, k] * a[k, j]
        a = square
        n >>= 1
    s = 0.0
    for i in range(size):
        s += out[i, i]
    return s


def kalman_filter(z, q, r):
    x = 0.0
    p = 1.0
    loglik = 0.0
    for i in range(len(z)):
        p += q
        s = p + r
        k = p / s
        e = z[i] - x
        x += k * e
        p *= 1.0 - k
        loglik -= 0.5 * (math.log(2.0 * math.pi * s) + e * e / s)
    return loglik


def hidden_markov(log_trans, log_emit, obs):
    n = log_trans.shape[0]
    alpha = np.zeros(n)
    new = np.zeros(n)
    for i in range(n):
        alpha[i] = log_emit[i, obs[0]]
    for t in range(1, len(obs)):
        for j in range(n):
            m = alpha[0] + log_trans[0, j]
            for i in range(1, n):
                m = max(m, alpha[i] + log_trans[i, j])
            s = 0.0
            for i in range(n):
                s += math.exp(alpha[i] + log_trans[i, j] - m)
            new[j] = m + math.log(s) + log_emit[j, obs[t]]
        alpha, new = new, alpha
    return alpha[0] + 0.5 * alpha[1]


def viterbi(log_trans, log_emit, obs):
    n = log_trans.shape[0]
    score = np.zeros(n)
    for i in range(n):
        score[i] = log_emit[i, obs[0]]
    for t in range(1, len(obs)):
        new = np.empty(n)
        for j in range(n):
            best = -1e30
            for i in range(n):
                candidate = score[i] + log_trans[i, j]
                if candidate > best:
                    best = candidate
            new[j] = best + log_emit[j, obs[t]]
        score = new
    return max(score[0], score[1]) * 1.5


def dynamic_time_warping(a, b):
    n = len(a)
    m = len(b)
    d = np.full((n + 1, m + 1), 1e30)
    d[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (a[i - 1] - b[j - 1]) ** 2
            d[i, j] = cost + min(d[i - 1, j], d[i, j - 1], d[i - 1, j - 1])
    return d[n, m]


def soft_edit_distance(a, b, gap):
    prev = np.zeros(len(b) + 1)
    for j in range(len(b) + 1):
        prev[j] = j * gap
    for i in range(len(a)):
        cur = np.zeros(len(b) + 1)
        cur[0] = (i + 1) * gap
        for j in range(len(b)):
            swap = prev[j] + abs(a[i] - b[j])
            cur[j + 1] = min(min(prev[j + 1] + gap, cur[j] + gap), swap)
        prev = cur
    return prev[-1]


def floyd_warshall(w):
    n = w.shape[0]
    d = w.copy()
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i, k] + d[k, j] < d[i, j]:
                    d[i, j] = d[i, k] + d[k, j]
    s = 0.0
    for i in range(n):
        for j in range(n):
            if i != j:
                s += d[i, j] * (i + 1)
    return s


def longest_path(weights, first, second):
    best = np.zeros(5)
    for e in range(len(weights)):
        best[second[e]] = max(best[second[e]], best[first[e]] + weights[e])
    return best[4] * best[3]


def running_maximum(v):
    out = np.empty(len(v))
    m = v[0]
    for i in range(len(v)):
        m = max(m, v[i])
        out[i] = m
    s = 0.0
    for i in range(len(v)):
        s += out[i] * (i + 1)
    return s


def cumulative_products(v):
    left = np.ones(len(v))
    for i in range(1, len(v)):
        left[i] = left[i - 1] * v[i - 1]
    right = 1.0
    s = 0.0
    for i in range(len(v) - 1, -1, -1):
        s += left[i] * right
        right *= v[i]
    return s


def _cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def black_scholes(spot, strike, rate, vol, years):
    root = vol * math.sqrt(years)
    d1 = (math.log(spot / strike) + (rate + 0.5 * vol * vol) * years) / root
    d2 = d1 - root
    return spot * _cdf(d1) - strike * math.exp(-rate * years) * _cdf(d2)


def binomial_american_put(spot, strike, rate, vol, n):
    dt = 1.0 / n
    up = math.exp(vol * math.sqrt(dt))
    p = (math.exp(rate * dt) - 1.0 / up) / (up - 1.0 / up)
    disc = math.exp(-rate * dt)
    value = np.zeros(n + 1)
    for i in range(n + 1):
        value[i] = max(strike - spot * up ** (2 * i - n), 0.0)
    for step in range(n - 1, -1, -1):
        for i in range(step + 1):
            hold = disc * (p * value[i + 1] + (1.0 - p) * value[i])
            value[i] = max(hold, strike - spot * up ** (2 * i - step))
    return value[0]


def monte_carlo_lcg(spot, vol, strike, paths):
    seed = 12345
    total = 0.0
    for _ in range(paths):
        price = spot
        for _ in range(3):
            seed = (1103515245 * seed + 12345) % 2147483648
            u = seed / 2147483648 - 0.5
            price *= math.exp(vol * u - 0.02)
        payoff = price - strike
        if payoff > 0.0:
            total += payoff
    return total / paths


def random_walk_indexing(v, n):
    state = 7
    s = 0.0
    for _ in range(n):
        state = (state * 5 + 3) % 16
        s = 0.9 * s + v[state % len(v)] * v[(state >> 1) % len(v)]
    return s


def trapezoid(a, b, k, n):
    h = (b - a) / n
    s = 0.5 * (math.exp(-k * a * a) + math.exp(-k * b * b))
    for i in range(1, n):
        x = a + i * h
        s += math.exp(-k * x * x)
    return s * h


def simpson_alternating(a, b, n):
    h = (b - a) / n
    s = math.sin(a) + math.sin(b)
    weight = 4.0
    for i in range(1, n):
        s += weight * math.sin(a + i * h)
        weight = 6.0 - weight
    return s * h / 3.0


def lennard_jones(x, epsilon, sigma):
    n = x.shape[0]
    energy = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            r2 = 0.0
            for k in range(x.shape[1]):
                d = x[i, k] - x[j, k]
                r2 += d * d
            if r2 > 9.0:
                continue
            s6 = (sigma * sigma / r2) ** 3
            energy += 4.0 * epsilon * (s6 * s6 - s6)
    return energy


def leapfrog_orbit(x, y, vx, vy, steps):
    dt = 0.1
    for _ in range(steps):
        r3 = (x * x + y * y) ** 1.5
        vx -= dt * x / r3
        vy -= dt * y / r3
        x += dt * vx
        y += dt * vy
    return math.hypot(x, y)


def bouncing_ball(height, restitution, steps):
    y = height
    v = 0.0
    for _ in range(steps):
        v -= 0.5
        y += v * 0.1
        if y < 0.0:
            y = -y * restitution
            v = -v * restitution
    return y + 0.1 * v


def quaternion_rotation(q, v):
    w, x, y, z = q
    n = math.sqrt(w * w + x * x + y * y + z * z)
    w, x, y, z = w / n, x / n, y / n, z / n
    tx = 2.0 * (y * v[2] - z * v[1])
    ty = 2.0 * (z * v[0] - x * v[2])
    tz = 2.0 * (x * v[1] - y * v[0])
    return v[0] + w * tx + y * tz - z * ty + (v[1] + w * ty) * (v[2] + w * tz)


def robot_arm(angles, lengths, target):
    x = 0.0
    y = 0.0
    heading = 0.0
    for i in range(len(angles)):
        heading += angles[i]
        x += lengths[i] * math.cos(heading)
        y += lengths[i] * math.sin(heading)
    return (x - target[0]) ** 2 + (y - target[1]) ** 2


def cubic_spline_eval(x, y, knots, t):
    i = 0
    while i < len(knots) - 2 and t > knots[i + 1]:
        i += 1
    u = (t - knots[i]) / (knots[i + 1] - knots[i])
    return y[i] * (1.0 - u) ** 3 + y[i + 1] * u**3 + x * u * (1.0 - u)


def linear_interpolation(xs, ys, t):
    lo = 0
    hi = len(xs) - 1
    while hi - lo > 1:
        mid = (lo + hi) // 2
        if xs[mid] > t:
            hi = mid
        else:
            lo = mid
    w = (t - xs[lo]) / (xs[hi] - xs[lo])
    return (1.0 - w) * ys[lo] + w * ys[hi]


def de_casteljau(points, t):
    p = points.copy()
    n = p.shape[0]
    for r in range(1, n):
        for i in range(n - r):
            for k in range(p.shape[1]):
                p[i, k] = (1.0 - t) * p[i, k] + t * p[i + 1, k]
    return p[0, 0] * p[0, 1]


def discrete_fourier_power(v, k):
    re = 0.0
    im = 0.0
    for i in range(len(v)):
        angle = -2.0 * math.pi * k * i / len(v)
        re += v[i] * math.cos(angle)
        im += v[i] * math.sin(angle)
    return re * re + im * im


def iir_filter(v, b0, a1):
    y = 0.0
    energy = 0.0
    for t in v:
        y = b0 * t - a1 * y
        energy += y * y
    return energy


def garch_likelihood(r, omega, alpha, beta):
    h = 0.1
    out = 0.0
    for i in range(len(r)):
        if i > 0:
            h = omega + alpha * r[i - 1] ** 2 + beta * h
        out += 0.5 * (math.log(h) + r[i] * r[i] / h)
    return out


def bessel_series(x, n):
    term = (0.5 * x) ** n / math.gamma(n + 1.0)
    s = term
    k = 1
    while abs(term) > 1e-12 * abs(s):
        term *= -(x * x) / (4.0 * k * (k + n))
        s += term
        k += 1
    return s


def arithmetic_geometric_mean(a, b):
    while abs(a - b) > 1e-9:
        a, b = 0.5 * (a + b), math.sqrt(a * b)
    return a


def mandelbrot_escape(cx, cy):
    x = 0.0
    y = 0.0
    for n in range(50):
        x, y = x * x - y * y + cx, 2.0 * x * y + cy
        if x * x + y * y > 4.0:
            return math.log(x * x + y * y) + n
    return x * x + y * y


def poisson_jacobi_2d(f, sweeps):
    n = f.shape[0]
    u = np.zeros((n, n))
    v = np.zeros((n, n))
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                v[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - f[i, j])
        u, v = v, u
    s = 0.0
    for i in range(n):
        for j in range(n):
            s += u[i, j] * u[i, j]
    return s


def pagerank(links, damping, steps):
    n = links.shape[0]
    rank = np.full(n, 1.0 / n)
    for _ in range(steps):
        new = np.full(n, (1.0 - damping) / n)
        for i in range(n):
            total = 0.0
            for j in range(n):
                total += links[i, j]
            for j in range(n):
                new[j] += damping * rank[i] * links[i, j] / total
        rank = new
    return rank[0] * rank[0] + rank[1]


def gradient_descent_learning_rate(a, lr, steps):
    x = np.ones(a.shape[0])
    for _ in range(steps):
        for i in range(len(x)):
            g = 0.0
            for j in range(len(x)):
                g += a[i, j] * x[j]
            x[i] -= lr * g
    return x[0] * x[0] + x[1] * x[1]


def adam_by_hand(x, lr, steps):
    m = 0.0
    v = 0.0
    b1 = 1.0
    b2 = 1.0
    for _ in range(steps):
        g = 4.0 * x**3 - 2.0 * x
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        b1 *= 0.9
        b2 *= 0.99
        x -= lr * (m / (1.0 - b1)) / (math.sqrt(v / (1.0 - b2)) + 1e-8)
    return x * x


def triangular_product(lower, x):
    out = np.zeros(len(x))
    for i in range(len(x)):
        for j in range(i + 1):
            out[i] += lower[i, j] * x[j]
    s = 0.0
    for i in range(len(x)):
        s += out[i] * out[i]
    return s


V = np.array([0.3, -0.2, 0.9, 0.4, 0.7])
W3 = np.array([0.1, 0.5, -1.1])
X3 = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5], [-0.6, 0.2, 0.1], [1.0, -0.3, 0.8]])
Y4 = np.array([1.0, -1.0, 1.0, -1.0])
M23 = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])
A33 = np.array([[2.0, 0.3, -0.2], [0.4, 1.7, 0.2], [-0.6, 0.5, 1.2]])
PIVOT = np.array([[0.2, 1.3, -0.2], [0.9, 0.7, 0.2], [-0.6, 0.5, 1.2]])
SPD = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, 0.2], [0.1, 0.2, 1.0]])
TRANS = np.array([[-0.3, -1.4], [-1.1, -0.4]])
EMIT = np.array([[-0.2, -1.7, -2.1], [-1.3, -0.9, -0.7]])
OBS = np.array([0, 2, 1, 1, 0])
GRAPH = np.array([[0.0, 1.2, 5.0, 9.0], [1.3, 0.0, 1.4, 5.5], [4.0, 1.6, 0.0, 1.1], [8.0, 6.0, 1.9, 0.0]])
POINTS = np.array([[0.3, -0.2], [0.9, 0.4], [-0.7, 0.6], [1.2, 1.1]])
CENTROIDS = np.array([[0.4, 0.1], [-0.5, 0.7], [1.0, 0.9]])
FIELD = np.linspace(-1.0, 1.0, 16).reshape(4, 4) ** 2
CASES = [
    Case(logistic_regression, (W3, X3, Y4, 0.7), "w"),
    Case(logistic_regression, (W3, X3, Y4, 0.7)),
    Case(negative_log_likelihood, (W3, X3[0])),
    Case(linear_layer, (M23, V[:2].copy(), W3, V[3:].copy())),
    Case(two_layers_relu, (M23, A33[:, :2].copy(), W3)),
    Case(leaky_relu_layer, (V, 0.1)),
    Case(activations, (0.6,)),
    Case(activations, (-0.6,)),
    Case(rnn_cell, (A33 * 0.3, M23.T.copy(), POINTS, W3)),
    Case(lstm_cell, (POINTS, V, 0.1, -0.2)),
    Case(softmax_cross_entropy, (V, 2)),
    Case(log_sum_exp, (V,)),
    Case(log_sum_exp, (V * 1000.0,)),
    Case(attention_row, (W3, X3, Y4 * 0.5)),
    Case(horner, (V, 1.3)),
    Case(convolution, (V, W3)),
    Case(convolution_2d_maxpool, (FIELD, TRANS)),
    Case(batch_norm, (V, 1.3, 0.2)),
    Case(rk4_pendulum, (0.9, 0.1, 0.2, 5)),
    Case(rk2_in_place, (np.array([1.0, 0.5]), np.array([1.1, 0.4, 0.1, 0.4]), 6)),
    Case(adaptive_euler, (0.3, 2.0, 1e-3)),
    Case(heat_explicit, (V, 0.2, 4)),
    Case(heat_2d_in_place, (FIELD, 0.15, 3)),
    Case(burgers, (V, 0.05, 0.1, 3)),
    Case(newton_cube_root, (2.7,)),
    Case(kepler, (0.8, 0.3)),
    Case(bisection_root, (1.3, 0.4, 2.0)),
    Case(secant, (2.3,)),
    Case(fixed_point, (0.7, 1e-6), "a"),
    Case(kmeans_cost, (POINTS, CENTROIDS)),
    Case(kmeans_cost, (POINTS, CENTROIDS), "centroids"),
    Case(kmeans_cost_by_index, (POINTS, CENTROIDS)),
    Case(gaussian_mixture, (V, np.array([0.1, 0.8]), np.array([-0.5, 0.2]), np.array([0.3, -0.1]))),
    Case(forward_substitution, (A33, W3)),
    Case(back_substitution_in_place, (A33, W3)),
    Case(cholesky_log_det, (SPD,)),
    Case(lu_in_place_solve, (A33, W3)),
    Case(lu_with_pivoting_det, (PIVOT,)),
    Case(gram_schmidt, (A33,)),
    Case(conjugate_gradient, (SPD, W3, 2)),
    Case(thomas_tridiagonal, (V[:3].copy(), np.array([2.0, 2.1, 2.2, 2.3]), V[:3] + 0.3, V[1:].copy())),
    Case(matrix_power_trace, (SPD * 0.5, 5)),
    Case(kalman_filter, (V, 0.1, 0.5)),
    Case(hidden_markov, (TRANS, EMIT, OBS)),
    Case(viterbi, (TRANS, EMIT, OBS)),
    Case(dynamic_time_warping, (V, np.array([0.1, 0.8, 0.5, 0.6]))),
    Case(soft_edit_distance, (V, np.array([0.1, 0.8, 0.5]), 0.45)),
    Case(floyd_warshall, (GRAPH,)),
    Case(longest_path, (V + 0.5, np.array([0, 0, 1, 2, 3]), np.array([1, 2, 3, 3, 4]))),
    Case(running_maximum, (V,)),
    Case(cumulative_products, (V,)),
    Case(black_scholes, (100.0, 95.0, 0.03, 0.2, 1.5)),
    Case(binomial_american_put, (100.0, 105.0, 0.03, 0.2, 5)),
    Case(monte_carlo_lcg, (100.0, 0.5, 95.0, 6)),
    Case(random_walk_indexing, (V, 9)),
    Case(trapezoid, (-0.5, 1.3, 0.8, 7)),
    Case(simpson_alternating, (0.2, 1.9, 6)),
    Case(lennard_jones, (X3, 0.7, 0.9)),
    Case(leapfrog_orbit, (1.0, 0.1, -0.1, 1.0, 8)),
    Case(bouncing_ball, (1.0, 0.8, 12)),
    Case(quaternion_rotation, ((0.9, 0.1, -0.3, 0.2), W3)),
    Case(robot_arm, (V[:3].copy(), np.array([1.0, 0.8, 0.5]), np.array([1.2, 0.7]))),
    Case(cubic_spline_eval, (0.4, V, np.array([0.0, 0.5, 1.1, 1.7, 2.0]), 1.3)),
    Case(linear_interpolation, (np.array([0.0, 0.5, 1.1, 1.7, 2.0]), V, 1.3)),
    Case(de_casteljau, (POINTS, 0.3)),
    Case(discrete_fourier_power, (V, 2)),
    Case(iir_filter, (V, 0.7, -0.3)),
    Case(garch_likelihood, (V, 0.05, 0.2, 0.6)),
    Case(bessel_series, (1.7, 2)),
    Case(arithmetic_geometric_mean, (1.0, 2.5)),
    Case(mandelbrot_escape, (-0.3, 0.2)),
    Case(mandelbrot_escape, (0.5, 0.6)),
    Case(poisson_jacobi_2d, (FIELD, 4)),
    Case(pagerank, (FIELD + 0.1, 0.85, 3)),
    Case(gradient_descent_learning_rate, (SPD, 0.1, 4)),
    Case(adam_by_hand, (1.3, 0.05, 5)),
    Case(triangular_product, (A33, W3)),
]
