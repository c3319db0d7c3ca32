// The skeleton of PagesTests.
