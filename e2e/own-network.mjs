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
  // What is blocked goes into the cable, before it is known to be this machine's own.
  'ip rule add pref 10 lookup local',
  'ip rule del pref 0',
  'ip route add default via 198.51.100.2 dev cable table 100',
  'ip neighbor add 198.51.100.2 lladdr 02:00:00:00:00:01 dev cable nud permanent',
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
    // What waits here may be ended: then so is what it waits for, and with it what that started.
    ['--net', ...mapped, 'sh', '-c', `${NETWORK.join(' && ')} && exec setpriv --pdeathsig TERM -- "$@"`, 'sh', ...again()],
    { stdio: 'inherit', env: { ...process.env, MERIDIAN_OWN_NETWORK: ADDRESS } },
  );
  if (error) throw error;
  process.exit(status ?? 1);
}

/**
 * Loses every packet that a rule names (`ip rule`: `from`, `to`, `ipproto`, `dport`), without a word, until
 * what is returned is called.
 * @param {string} rule
 */
export function block(rule) {
  const change = (what) => {
    const { status, stderr } = spawnSync('ip', ['rule', what, 'pref', '5', ...rule.split(' '), 'lookup', '100'], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`ip rule ${what} ${rule}: ${stderr}`);
  };
  change('add');
  return () => change('del');
}

function again() {
  return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
}
