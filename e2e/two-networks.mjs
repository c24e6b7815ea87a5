// Two networks for the browsers of a test, each joined by a cable to the network that the calling test
// file has for itself (`own-network.mjs`), and to each other by one that can be taken away (Linux only).

import { MovingNetwork, run } from './moving-network.mjs';

/** The ends of the cable between the two. */
export const BETWEEN = ['198.51.103.1', '198.51.103.2'];

/** `homes` are the addresses that both reach; whatever is bound to none answers from the first. */
export async function twoNetworks(homes) {
  run('ip', 'link', 'add', 'between0', 'type', 'veth', 'peer', 'name', 'between1');
  const networks = [];
  for (const [place, near] of ['198.51.101', '198.51.102'].entries()) {
    const [cable, end] = [`cable${place}`, `end${place}`];
    run('ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', end);
    run('ip', 'address', 'add', `${near}.1/24`, 'dev', cable);
    run('ip', 'link', 'set', cable, 'up');
    run('ip', 'route', 'replace', `${near}.0/24`, 'dev', cable, 'src', homes[0]);
    const network = await MovingNetwork.make(`${near}.10`, end);
    for (const home of homes) network.inside('ip', 'route', 'add', `${home}/32`, 'via', `${near}.1`);
    run('ip', 'link', 'set', `between${place}`, 'netns', String(network.holder.pid));
    network.inside('ip', 'address', 'add', `${BETWEEN[place]}/24`, 'dev', `between${place}`);
    networks.push(network);
  }
  const set = (state) => networks.forEach((network, place) => network.inside('ip', 'link', 'set', `between${place}`, state));
  return {
    networks,
    /** From now on they reach each other. */
    join: () => set('up'),
    /** From now on they do not. */
    part: () => set('down'),
    async remove() {
      for (const network of networks) await network.remove();
    },
  };
}
