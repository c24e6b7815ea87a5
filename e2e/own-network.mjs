// A network that the calling test file has for itself (Linux only).

import { spawnSync } from 'node:child_process';
import { platform } from 'node:os';

/** Kept for documents (RFC 5737), and routed into a cable with nothing at its other end. */
const ADDRESS = '198.51.100.1';
const NETWORK = [
  'ip link set lo up',
  'ip link add cable type veth peer name end',
  `ip address add ${ADDRESS}/24 dev cable`,
  'ip link set cable up',
  'ip link set end up',
  'ip route add default via 198.51.100.2',
];

/**
 * Starts the calling file again in a network namespace that has loopback and one address besides, and
 * ends with its outcome; in there, it returns that address. The namespace ends with its last process.
 * Elsewhere than on Linux, the file is left out.
 * @returns {string}
 */
export function ownNetwork() {
  if (process.env.MERIDIAN_OWN_NETWORK) return process.env.MERIDIAN_OWN_NETWORK;
  if (platform() !== 'linux') {
    console.error('left out: network namespaces exist on Linux only');
    process.exit(0);
  }
  // Who is not root may have one as root of a user namespace.
  const mapped = process.getuid() === 0 ? [] : ['--map-root-user'];
  const { status, error } = spawnSync(
    'unshare',
    ['--net', ...mapped, 'sh', '-c', `${NETWORK.join(' && ')} && exec "$@"`, 'sh', ...again()],
    { stdio: 'inherit', env: { ...process.env, MERIDIAN_OWN_NETWORK: ADDRESS } },
  );
  if (error) throw error;
  process.exit(status ?? 1);
}

function again() {
  return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
}
