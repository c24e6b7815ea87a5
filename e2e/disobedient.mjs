// Browsers that were changed by whoever sits before them.

/** Runs in the page before anything else: keeps its sockets and what they hear. */
export function overhear() {
  const Original = window.WebSocket;
  window.overheard = [];
  window.WebSocket = class extends Original {
    constructor(...parameters) {
      super(...parameters);
      if (!this.url.endsWith('/signal')) return;
      window.signal = this;
      this.addEventListener('message', ({ data }) => data.startsWith('{') && window.overheard.push(JSON.parse(data)));
    }
  };
}

/** Runs in the page before anything else: nothing that it asks for makes it send less. */
export function disobey() {
  const enabled = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'enabled');
  Object.defineProperty(MediaStreamTrack.prototype, 'enabled', {
    ...enabled,
    set(on) {
      if (on) enabled.set.call(this, on);
    },
  });
  MediaStreamTrack.prototype.stop = () => {};
  const { replaceTrack, setParameters } = RTCRtpSender.prototype;
  RTCRtpSender.prototype.replaceTrack = function replace(track) {
    return track ? replaceTrack.call(this, track) : Promise.resolve();
  };
  RTCRtpSender.prototype.setParameters = function set(parameters) {
    const encodings = parameters.encodings.map((encoding) => ({ ...encoding, active: true }));
    return setParameters.call(this, { ...parameters, encodings });
  };
}
