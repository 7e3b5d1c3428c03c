// A field that leaves in the summary what is looked for; without scripts there is the whole table.
const table = document.querySelector("table.summary")
const field = document.createElement("input")
field.type = "search"
field.placeholder = "label, verdict, whose, symbol …"
field.setAttribute("aria-label", "Filter the claims")
const said = document.createElement("p")
said.className = "fine"
said.setAttribute("aria-live", "polite")
table.before(field, said)
field.addEventListener("input", () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean)
  let left = 0
  for (const row of table.tBodies[0].rows) {
    const text = row.textContent.toLowerCase()
    row.hidden = !words.every(word => text.includes(word))
    left += !row.hidden
  }
  said.textContent = words.length ? left + " of " + table.tBodies[0].rows.length + " claims" : ""
})
