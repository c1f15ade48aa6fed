"""srcad as a tool of GradBench, the benchmark suite for automatic differentiation."""
