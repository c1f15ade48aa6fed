"""What srcad's speed promises come to on this machine: `python -m benchmarks` prints one table."""
