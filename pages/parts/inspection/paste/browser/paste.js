// A photo on the clipboard goes into the file field of Inspection, as if somebody had dropped it there.

const FIELD = ".st-key-photos input[type=file]"; // Streamlit names the element by the field's key
const ONCE = Symbol.for("casting inspection: paste");

export default function () {
  if (document[ONCE]) return; // this runs at every draw of the page
  document[ONCE] = true;
  document.addEventListener("paste", (event) => {
    const field = document.querySelector(FIELD);
    const photos = [...(event.clipboardData?.files ?? [])];
    if (!field || field.disabled || !photos.length) return; // text goes where it always goes
    event.preventDefault();
    const dropped = new DataTransfer();
    for (const photo of photos) dropped.items.add(photo);
    field.files = dropped.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
