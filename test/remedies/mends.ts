/**
 * What mended the recorded nodes, as words that a remedy of the true cause has to hold: in its steps, which the doctor
 * runs or, where only a person can act, tells with the commands.
 */
export const mends: Readonly<Record<string, RegExp>> = {
	'agent-cert-expired': /systemctl .*restart k3s-agent/,
	'agent-key-corrupt': /rm \S+client-kubelet\.key[\s\S]*restart k3s-agent/,
	'agent-node-password': /delete secret a1\.node-password\.k3s/,
	'agent-server-reinstalled': /systemctl .*restart k3s-agent/,
	'agent-server-stopped': /On 10\.99\.0\.11[\s\S]*systemctl start k3s/,
	'agent-token-wrong-hash': /server\/node-token[\s\S]*K3S_TOKEN/,
	'agent-url-wrong-port': /K3S_URL=https:\/\/10\.99\.0\.11:6443/,
	'binary-not-executable': /chmod 0755 \/usr\/local\/bin\/k3s/,
	'cgroup-v1': /failCgroupV1: false/,
	'config-tab': /replace line 5/,
	'disk-full-restart': /make room|Delete or move/i,
	'extdb-postgres-stopped': /systemctl status postgresql/,
	'kubelet-arg-unknown': /take out of kubelet-arg/,
	'no-default-route': /ip route add default/,
	'node-cordoned': /kubectl uncordon s1/,
	'registries-broken': /registries\.yaml/,
	'service-stopped': /systemctl start k3s/,
	'service-stopped-disabled': /systemctl enable k3s[\s\S]*start k3s/,
	'unit-bad-dropin': /ExecStart=\n\s*ExecStart=/,
}
