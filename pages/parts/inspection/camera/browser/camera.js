// The rear camera at its full resolution. What it takes goes into the file field of Inspection, as if somebody had
// dropped it there.

const FIELD = ".st-key-photos input[type=file]"; // Streamlit names the element by the field's key
const MOST = 8192; // pixels that are asked for on each side; a browser gives what the camera has
const mounted = new WeakMap(); // by the root that Streamlit gives: what was made for it once

export default function ({ parentElement }) {
  const find = (id) => parentElement.getElementById?.(id) ?? parentElement.querySelector(`#${id}`);
  let camera = mounted.get(parentElement);
  if (!camera || camera.root !== find("camera")) {
    camera?.end();
    camera = new Camera(find);
    mounted.set(parentElement, camera);
  }
  if (camera.over) camera.begin();
  return () => camera.end(); // its light goes out with the page
}

class Camera {
  constructor(find) {
    this.find = find;
    this.root = find("camera");
    this.over = true; // until it begins
    find("take").addEventListener("click", () => this.#take());
    find("which").addEventListener("change", (event) => this.begin(event.target.value));
    find("own").addEventListener("click", () => this.#ownApp());
    find("own").hidden = !window.matchMedia("(pointer: coarse)").matches; // desks have no such app
  }

  async begin(which) {
    this.end();
    this.over = false;
    if (!navigator.mediaDevices?.getUserMedia) {
      this.#say(`This browser gives cameras to pages with an https address only, or on this very machine. ${DROPPED}`);
      return;
    }
    const wanted = which ? { deviceId: { exact: which } } : { facingMode: { ideal: "environment" } };
    try {
      const video = { ...wanted, width: { ideal: MOST }, height: { ideal: MOST } };
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      if (this.over) { // the page was left meanwhile
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.stream = stream;
    } catch (error) {
      this.#say(REASONS[error.name] ?? `The camera cannot be used: ${error.message}. ${DROPPED}`);
      return;
    }
    const [track] = this.stream.getVideoTracks();
    track.addEventListener("ended", () => this.#say("The camera has gone. Connect it again, then choose Camera once more."));
    const video = this.find("video");
    video.srcObject = this.stream;
    await video.play().catch(() => {});
    const { width, height } = track.getSettings();
    this.#say(`Hold the part still and fill the picture with it. The camera shows ${width} x ${height} pixels.`);
    this.find("take").disabled = false;
    await this.#name(track);
  }

  end() {
    this.over = true;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.find("take").disabled = true;
  }

  async #name(track) {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
    const choice = this.find("which"), used = track.getSettings().deviceId;
    choice.replaceChildren(...cameras.map((one, place) => new Option(one.label || `Camera ${place + 1}`, one.deviceId, false, one.deviceId === used)));
    this.find("which-label").hidden = cameras.length < 2;
  }

  async #take() {
    const button = this.find("take");
    button.disabled = true;
    try {
      const photo = await this.#photo();
      const now = new Date().toISOString().slice(0, 19).replaceAll(":", "-"), ending = KINDS[photo.type] ?? "jpg";
      await this.#hand(new File([photo], `${now}.${ending}`, { type: photo.type }));
    } catch (error) {
      this.#say(`No photo came of it: ${error.message}. Try again.`);
    }
    button.disabled = !this.stream;
  }

  async #photo() {
    const [track] = this.stream.getVideoTracks();
    try { // the sensor's own photo, which may have many times the pixels of the video
      const capture = new ImageCapture(track), able = await capture.getPhotoCapabilities();
      const size = able.imageWidth?.max ? { imageWidth: able.imageWidth.max, imageHeight: able.imageHeight.max } : {};
      return await capture.takePhoto(size);
    } catch { // not every browser can; then a picture of the video, without loss
      const video = this.find("video"), canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      canvas.getContext("2d").drawImage(video, 0, 0);
      return new Promise((done, failed) => canvas.toBlob((blob) => blob ? done(blob) : failed(new Error("the picture is empty")), "image/png"));
    }
  }

  async #hand(photo) {
    const { width, height } = await createImageBitmap(photo);
    const field = document.querySelector(FIELD);
    if (!field || field.disabled) {
      this.#say("The page is busy. Try again in a moment.");
      return;
    }
    const taken = new DataTransfer();
    taken.items.add(photo);
    field.files = taken.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    this.#say(`Taken, ${width} x ${height} pixels. Its verdict comes below.`);
  }

  #ownApp() {
    const chooser = document.createElement("input");
    Object.assign(chooser, { type: "file", accept: "image/*", capture: "environment" });
    chooser.addEventListener("change", () => {
      for (const photo of chooser.files) this.#hand(photo).catch((error) => this.#say(`No photo came of it: ${error.message}.`));
    });
    chooser.click();
  }

  #say(words) {
    this.find("said").textContent = words;
  }
}

const KINDS = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };
const DROPPED = "Photos can still be dropped below.";
const REASONS = {
  NotAllowedError: `This page may not use the camera: it was refused, here or in the browser's settings. Allow it beside the address, then choose Camera once more. ${DROPPED}`,
  NotFoundError: `This machine has no camera, or none is connected. ${DROPPED}`,
  NotReadableError: `Another program uses the camera. Close that one, then choose Camera once more. ${DROPPED}`,
};
