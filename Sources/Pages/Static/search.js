// Finds rows of the list by what is typed. Without it, the list is there whole.
const form = document.createElement("form");
form.className = "filter";
form.setAttribute("role", "search");
form.innerHTML = '<label>Search <input type="search" name="search" autocomplete="off"></label> <output></output>';
document.querySelector("main h2").after(form);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => {
  const words = form.elements.search.value.toLowerCase().split(/\s+/);
  for (const row of document.querySelectorAll("tbody tr")) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  const approved = document.querySelector("tbody").querySelectorAll("tr:not([hidden])");
  form.querySelector("output").textContent = approved.length + " found";
});
