// The confusion matrix: four buttons. The one that is pressed is marked at once, before the server has heard of it.

const presses = { number: 0 }; // of this tab, so that a second press on the same cell is another one

export default function ({ data, parentElement, setStateValue }) {
  const find = (id) => parentElement.getElementById?.(id) ?? parentElement.querySelector(`#${id}`);
  const mark = (word) => {
    for (const cell of data.cells) find(cell.place).setAttribute("aria-pressed", String(cell.word === word));
  };
  presses.number = Math.max(presses.number, data.presses);
  find("caption").textContent = data.caption;
  for (const [id, words] of Object.entries(data.heads)) if (find(id).textContent !== words) find(id).textContent = words;
  for (const { place, word, photos, title, shade } of data.cells) {
    const button = find(place), told = `${photos.toLocaleString("en-GB")} ${title}`;
    if (button.dataset.told !== told) {
      const number = document.createElement("strong"), words = document.createElement("small");
      number.textContent = photos.toLocaleString("en-GB");
      words.textContent = title;
      button.replaceChildren(number, words);
      button.dataset.told = told;
    }
    button.className = shade;
    button.onclick = () => {
      mark(word);
      setStateValue("pressed", [word, ++presses.number]);
    };
  }
  mark(data.chosen);
}
