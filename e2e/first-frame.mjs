// From the click on "Join meeting" to the first remote frame on screen.

/** Runs in the page: notes when "Join meeting" is clicked and when a received picture is first shown. */
export function clock() {
  const times = { click: 0, frame: 0, steps: [] };
  window.times = times;
  window.addEventListener(
    'click',
    (event) => {
      if (event.target.closest?.('button')?.innerText.includes('Join meeting')) times.click = performance.now();
    },
    { capture: true },
  );
  const watched = new WeakSet();
  setInterval(() => {
    const tracks = new Set(
      window.observed.connections.flatMap((one) => one.getReceivers().map((receiver) => receiver.track)),
    );
    for (const video of document.querySelectorAll('video')) {
      const remote = video.srcObject?.getVideoTracks?.().some((track) => tracks.has(track));
      if (remote && !watched.has(video)) {
        watched.add(video);
        video.requestVideoFrameCallback((now) => {
          times.frame ||= now;
        });
      }
    }
  }, 5);
}
