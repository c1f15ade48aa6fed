"""What the compiler is told of generated text, and the machine code that goes with it: what people read stays as it is.

    for i in range(n):                            for i in range(n):
        x_bar[i] += a_bar * math.exp(w[i])   ->       x_bar[unsigned(i)] += a_bar * exp(w[unsigned(i)])

Each module is about one thing that people would not write and the compiler can't know: indices that are never negative
(`unsigned`), sums without an order (`sums`), arrays that lie apart (`owned`), iterations that may go several at a time
(`jam`; `independent`, `rows`), what goes at once as vectors (`lanes`, `vectors`), functions that allocate nothing
(`bare`, `held`), memory that is used again by stacks and arrays (`kept`; `stacked` and `frames`, `lent`), exp and its
kin in vectors (`elementary`); and Numba's SSA in fewer sweeps (`versions`).
"""
