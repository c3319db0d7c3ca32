// The skeleton of IdentityTests.
