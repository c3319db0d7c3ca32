// The skeleton of Matching.
