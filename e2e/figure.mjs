// A camera that shows somebody: Chromium's own fake camera shows nobody.

/**
 * Runs in the page before anything else: cameras show a drawn person before a chequered wall, which a
 * model of people takes for one. `window.cameras` keeps the tracks that were given.
 */
export function figure() {
  const really = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const [width, height] = [640, 360];
  window.cameras = [];

  function draw(pen, sway) {
    for (let y = 0; y < height; y += 12) {
      for (let x = 0; x < width; x += 12) {
        pen.fillStyle = ((x + y) / 12) % 2 ? '#c9d4dd' : '#3f4f5f';
        pen.fillRect(x, y, 12, 12);
      }
    }
    const middle = width / 2 + sway;
    const oval = (colour, x, y, wide, tall, from = 0) => {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.ellipse(x, y, wide, tall, 0, from, Math.PI * 2);
      pen.fill();
    };
    oval('#27408b', middle, height * 1.02, width * 0.26, height * 0.36);
    pen.fillStyle = '#c68f6f';
    pen.fillRect(middle - width * 0.045, height * 0.52, width * 0.09, height * 0.2);
    oval('#e0ac8a', middle, height * 0.38, width * 0.1, height * 0.23);
    oval('#3a2416', middle, height * 0.25, width * 0.108, height * 0.14, Math.PI);
    for (const side of [-1, 1]) {
      oval('#ffffff', middle + side * width * 0.04, height * 0.36, width * 0.018, height * 0.018);
      oval('#222222', middle + side * width * 0.04, height * 0.36, height * 0.014, height * 0.014);
    }
    pen.strokeStyle = '#8a4a3a';
    pen.lineWidth = height * 0.015;
    pen.beginPath();
    pen.arc(middle, height * 0.46, width * 0.035, 0.3, 2.8);
    pen.stroke();
  }

  navigator.mediaDevices.getUserMedia = async (constraints) => {
    if (!constraints.video) return really(constraints);
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const pen = canvas.getContext('2d');
    let turn = 0;
    const paint = () => draw(pen, Math.sin((turn += 1) / 5) * 4);
    paint();
    const timer = setInterval(paint, 66);
    const stream = canvas.captureStream(15);
    const [track] = stream.getVideoTracks();
    window.cameras.push(track);
    const stop = track.stop.bind(track);
    track.stop = () => {
      clearInterval(timer);
      stop();
    };
    if (constraints.audio) {
      for (const sound of (await really({ audio: constraints.audio })).getAudioTracks()) stream.addTrack(sound);
    }
    return stream;
  };
}

/** How much there is to see of the wall and of the face in a video, as deviations of lightness, and the wall's colour. */
export function look(video) {
  if (!video || video.readyState < 2 || video.videoWidth === 0) return null;
  const canvas = new OffscreenCanvas(320, 180);
  const pen = canvas.getContext('2d');
  pen.drawImage(video, 0, 0, 320, 180);
  const part = (x, y, wide, tall) => {
    const { data } = pen.getImageData(x, y, wide, tall);
    const light = [];
    const colour = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) {
      light.push(0.3 * data[at] + 0.6 * data[at + 1] + 0.1 * data[at + 2]);
      for (const channel of [0, 1, 2]) colour[channel] += (data[at + channel] * 4) / data.length;
    }
    const mean = light.reduce((sum, one) => sum + one, 0) / light.length;
    return { detail: Math.sqrt(light.reduce((sum, one) => sum + (one - mean) ** 2, 0) / light.length), colour };
  };
  // Both walls, so that a mirrored picture is no other.
  const [left, right, face] = [part(12, 20, 48, 40), part(260, 20, 48, 40), part(142, 58, 36, 30)];
  return {
    wall: Math.max(left.detail, right.detail),
    face: face.detail,
    colour: left.colour.map((value, channel) => Math.round((value + right.colour[channel]) / 2)),
  };
}
