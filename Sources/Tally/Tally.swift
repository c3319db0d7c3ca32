// The skeleton of Tally.
