"""srcad's proof: the oracle, the corpus, the fuzzer and the tests that use them."""
