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
  for (const claim of table.tBodies) {
    const text = claim.textContent.toLowerCase()
    claim.hidden = !words.every(word => text.includes(word))
    left += !claim.hidden
  }
  said.textContent = words.length ? left + " of " + table.tBodies.length + " claims" : ""
})
