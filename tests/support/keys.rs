//! A private key for tests. It was made for them and opens nothing.

/// An RSA key in PKCS#1 form.
pub const RSA_PEM: &str = "-----BEGIN RSA PRIVATE KEY-----\n\
    MIICXAIBAAKBgQDZJ0t/FB7QIOcNOsQDW3+tBuX9RE4bsxIOYpDx8UdOij0MgY2E\n\
    8z29pA5sKlsrLIOyGcVW5QI1imWKaaQRxdVka2fqil8qxPMu2v90KodGnOq5lWzn\n\
    ipfe1srP6cmueMyE1rhxo/4+ugVz3I6fchuk6U0o7dPRTkdX4Z7uBaYJOwIDAQAB\n\
    AoGAN0xTZGQKSLPoQq0xVy2IwNYd4TXwsgsS0Qj2ojXwE6cOTs367N1IXq+VYKQU\n\
    nVTzoHoBj9Q3kMzSeMHYHxKC+VwWGsjf/2s3M0KwIOqYfXotaxTwXugLHMhn/vJy\n\
    7ihWzmHauNqDq2pEH4LwDDEbsXar2AEaCXmPNpMKSMXYMKkCQQD+bDMxhRJc2Yuq\n\
    EPTydDWO8zlXzqhh4IbBwOfwICDd4R8M+IO5zFdmeWUFRg8ZPcCPHIqNcOWl7Jsm\n\
    0u9tInO9AkEA2n/xtsdYlWdDWhywqYypSc69dHcOisATK2BWqGlBmBUQVlWKGPEI\n\
    wIKgrBBL+hIdMderkbuWymmtALtHAuTEVwJAXk7zRwbhwKMvPzIb6gejlsKX3fGP\n\
    vwBAU2/TSdJO/JAnN2KjSWrydtzG0oaesCeQyju1LCrOJYwoEuMbtyOPLQJAJTUU\n\
    XCOmGgrzlSy9iKHDUiY6bNK5TzdWDFTjbNo/qT4tAgae9ZBWBTI5WhOMXJEpF4u6\n\
    U562FtHX+//oH74FEQJBALMxfISwMZqknq1FtedFmN2GHimWr9oSw7vmKCujY6t/\n\
    yeKYnvzLvspUpYWjrQeN2bXtqmvQJONoREYXWGn7vfA=\n\
    -----END RSA PRIVATE KEY-----\n";
