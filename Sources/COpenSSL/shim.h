// SHA-256 states that are copied as plain structures: what replaces them allocates for each copy.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
