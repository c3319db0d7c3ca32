// The skeleton of DissectionTests.
