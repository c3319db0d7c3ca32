// The skeleton of Identity.
