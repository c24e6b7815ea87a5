/** The page's part of sound: worklets between tracks and the worker. */
import captureUrl from "./capture-worklet?worker&url";
import playoutUrl from "./playout-worklet?worker&url";
import type { Sink } from "./messages";
import { RATE } from "./playout";

export interface Sound {
  /** A track for each section, for as long as the context lives. */
  readonly tracks: readonly MediaStreamTrack[];
  readonly sinks: Sink<MessagePort>[];
  /** The samples of a track, until `stop`. */
  capture(track: MediaStreamTrack): { samples: MessagePort; stop(): void };
  /** Goes on after the browser held it back. */
  resume(): void;
  close(): void;
}

export async function makeSound(sections: readonly number[]): Promise<Sound> {
  const context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
  await Promise.all([context.audioWorklet.addModule(captureUrl), context.audioWorklet.addModule(playoutUrl)]);
  const players = sections.map((section) => {
    const node = new AudioWorkletNode(context, "player", { numberOfInputs: 0, outputChannelCount: [1] });
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    node.connect(destination);
    const { port1, port2 } = new MessageChannel();
    node.port.postMessage(port1, [port1]);
    return { sink: { section, to: port2 }, track: destination.stream.getAudioTracks()[0] };
  });
  return {
    tracks: players.flatMap(({ track }) => (track ? [track] : [])),
    sinks: players.map(({ sink }) => sink),
    capture(track) {
      const source = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) });
      const node = new AudioWorkletNode(context, "capture", { outputChannelCount: [1] });
      const { port1, port2 } = new MessageChannel();
      node.port.postMessage(port1, [port1]);
      source.connect(node);
      // It says nothing; what leads nowhere is not run.
      node.connect(context.destination);
      return {
        samples: port2,
        stop() {
          node.port.postMessage(null);
          source.disconnect();
          node.disconnect();
        },
      };
    },
    resume() {
      if (context.state === "suspended") void context.resume();
    },
    close() {
      void context.close();
    },
  };
}
