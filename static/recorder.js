// An answer that is spoken: recorded here, kept here until it has arrived, then heard beside the model answer.
// Without this file, or in a browser that cannot record, there is no button, and the page needs none.
(() => {
  // Sound that was recorded live does not say how long it is until somebody leaps to its end.
  document.querySelectorAll("audio.sound").forEach((sound) => sound.addEventListener("loadedmetadata", () => {
    if (Number.isFinite(sound.duration)) return;
    sound.addEventListener("durationchange", () => { sound.currentTime = 0; }, { once: true });
    sound.currentTime = 1e7;
  }, { once: true }));

  const form = document.getElementById("recorder");
  if (!form) return;
  const [said, clock, fault, sent] = ["said", "clock", "fault", "sent"].map((name) => document.getElementById(`recorder-${name}`));
  const buttons = Object.fromEntries([...form.querySelectorAll("[data-record]")].map((each) => [each.dataset.record, each]));
  const longest = Number(form.dataset.longest);
  const time = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  let recorder, begun, ticking, sound;

  const show = (...names) => Object.entries(buttons).forEach(([name, each]) => { each.hidden = !names.includes(name); });
  const say = (text) => { said.textContent = text; };
  const complain = (text) => { fault.textContent = text; fault.hidden = !text; };
  const refusals = {
    NotAllowedError: "The browser did not let Rounds use the microphone. Allow it beside the address, then try again. Or write your answer.",
    NotFoundError: "There is no microphone. Plug one in and try again, or write your answer.",
    NotReadableError: "Another program uses the microphone. Close it and try again, or write your answer.",
  };

  form.hidden = false;
  if (!window.MediaRecorder || !navigator.mediaDevices?.getUserMedia) {
    return say("This browser cannot record. Write your answer, or say it out loud.");
  }
  const kind = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"].find((each) => MediaRecorder.isTypeSupported(each));
  if (!kind) return say("This browser records nothing that Rounds can keep. Write your answer, or say it out loud.");
  show("start");

  const tick = () => {
    const passed = (performance.now() - begun) / 1000;
    clock.textContent = `${time(Math.min(passed, longest))} of ${time(longest)}`;
    if (passed >= longest) stop();
  };
  const stop = () => {
    clearInterval(ticking);
    if (recorder?.state === "recording") recorder.stop();
  };
  const start = async () => {
    complain("");
    show("start");
    buttons.start.disabled = true;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      return complain(refusals[error.name] ?? "The microphone cannot be used now. Try again, or write your answer.");
    } finally { buttons.start.disabled = false; }
    const parts = [];
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 48000 });
    recorder.addEventListener("dataavailable", ({ data }) => data.size && parts.push(data));
    recorder.addEventListener("stop", () => {
      clearInterval(ticking);
      stream.getTracks().forEach((track) => track.stop());
      sound = new Blob(parts, { type: kind.split(";")[0] });
      say(`Recorded: ${clock.textContent.split(" ")[0]}. It is not sent yet.`);
      show("send", "again");
      buttons.send.focus();
    });
    recorder.start(1000);
    begun = performance.now();
    clock.hidden = false;
    tick();
    ticking = setInterval(tick, 250);
    say("Recording.");
    show("stop");
    buttons.stop.focus();
  };

  const failed = (text) => {
    sent.hidden = true;
    complain(text);
    say("It is still here, and not sent yet.");
    [buttons.send, buttons.again].forEach((each) => { each.disabled = false; });
    buttons.send.textContent = "Try again";
    buttons.send.focus();
  };
  const send = () => {
    const data = new FormData(form);
    // The cookie's token rather than the page's: signing in again in another tab makes the page's worthless.
    const token = document.cookie.match(/(?:^|; )csrftoken=(\w+)/)?.[1] ?? data.get("csrfmiddlewaretoken");
    data.delete("csrfmiddlewaretoken");
    data.set("text", document.getElementById("text").value);
    data.set("recording", sound, `answer.${sound.type.split("/")[1]}`);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", ({ loaded, total }) => { if (total) sent.value = loaded / total; });
    request.addEventListener("error", () => failed("No connection. Try again when you are online."));
    request.addEventListener("load", () => {
      if (request.responseURL.includes("/accounts/login/")) return failed("You are signed out. Sign in in another tab, then try again.");
      if (request.status === 422) return failed(new DOMParser().parseFromString(request.response, "text/html").body.textContent.trim());
      if (request.status >= 400) return failed("That did not work on our side. Try again in a moment.");
      sound = null;
      location.assign(request.responseURL);
    });
    complain("");
    say("Sending.");
    sent.value = 0;
    sent.hidden = false;
    [buttons.send, buttons.again].forEach((each) => { each.disabled = true; });
    request.send(data);
  };

  buttons.start.addEventListener("click", start);
  buttons.stop.addEventListener("click", stop);
  buttons.again.addEventListener("click", () => { sound = null; start(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); if (sound) send(); });
  // What is recorded and not sent is not left behind unasked.
  addEventListener("beforeunload", (event) => { if (sound || recorder?.state === "recording") event.preventDefault(); });
})();
