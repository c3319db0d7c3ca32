// The skeleton of Pages.
