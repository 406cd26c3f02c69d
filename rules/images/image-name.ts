/** Names of container images, as people write them and as containerd knows them. */

const defaultRegistry = 'docker.io'

/** `nginx` -> `docker.io/library/nginx:latest`, as containerd files it. */
export function fullImage(image: string): string {
	const at = image.indexOf('@')
	const name = at < 0 ? image : image.slice(0, at)
	const first = name.split('/', 1)[0] ?? ''
	const hasHost = name.includes('/') && (/[.:]/.test(first) || first === 'localhost')
	const path = hasHost ? name : `${defaultRegistry}/${name.includes('/') ? name : `library/${name}`}`
	const tagged = at >= 0 || /:[^/]+$/.test(path.slice(path.lastIndexOf('/')))
	return `${path}${tagged ? '' : ':latest'}${at < 0 ? '' : image.slice(at)}`
}

/** `docker.io`, `registry.example.org:5000` */
export function registryOf(image: string): string {
	return fullImage(image).split('/', 1)[0] ?? ''
}

/** Docker Hub under its several names. */
export function isDockerHub(host: string): boolean {
	return /^(?:(?:registry-1|index|auth|production\.cloudflare)\.docker\.(?:io|com)|docker\.io)(?::443)?$/.test(
		host,
	)
}

const ownImages =
	/(?:^|\/)rancher\/(?:mirrored-)?(?:pause|coredns-coredns|metrics-server|local-path-provisioner|klipper-lb|klipper-helm|library-traefik|library-busybox)(?=[:@]|$)/

/** Images that k3s itself needs, from Docker Hub or, with `system-default-registry`, from elsewhere. */
export function isSystemImage(image: string): boolean {
	return ownImages.test(image)
}

/** The image in which a pod's network lives: without it no pod starts. */
export function isPause(image: string): boolean {
	return /(?:^|[/-])pause(?=[:@]|$)/.test(image)
}
