/** Completion for zsh 5: to be sourced, or put as `_k3s-doctor` into a folder of `fpath`. */
import { type Command, commandOf, type Flag, type Offers } from '../table.js'
import { causeOffers, commandOffers, flagsOf, named, type Offer, quoted, recordingOffers } from './offers.js'

export function zshCompletion(): string {
	const root = commandOf('')
	return `#compdef k3s-doctor
# zsh completion for k3s-doctor. Load it with: source <(k3s-doctor completion zsh)

_k3s-doctor() {
	local curcontext="$curcontext" state line
	typeset -A opt_args
	# Behind the command, options are the command's.
	_arguments -C -A '-*' \\
${lines([...(root ? flagSpecs(root) : []), quoted('1:command:_k3s-doctor-commands'), quoted('*:: :->rest')])}
	[[ $state == rest ]] || return
	case $words[1] in
${named()
	.map(
		command =>
			`\t${command.name})\n\t\t_arguments \\\n${lines([...flagSpecs(command), ...placeSpecs(command)])}\n\t\t;;`,
	)
	.join('\n')}
	esac
}

${list('commands', 'command', commandOffers)}
${list('causes', 'cause', causeOffers)}
${list('recordings', 'recording', recordingOffers)}
if [[ $funcstack[1] == _k3s-doctor ]]; then
	_k3s-doctor "$@"
else
	compdef _k3s-doctor k3s-doctor
fi
`
}

function list(name: string, tag: string, offers: readonly Offer[]): string {
	const rows = offers.map(([word, says]) => `\t\t${quoted(`${word}:${says}`)}`)
	return `_k3s-doctor-${name}() {\n\tlocal -a known=(\n${rows.join('\n')}\n\t)\n\t_describe -t ${name} ${tag} known\n}\n`
}

function lines(specs: readonly string[]): string {
	return specs.map(spec => `\t\t\t${spec}`).join(' \\\n')
}

function flagSpecs(command: Command): string[] {
	return flagsOf(command).map(spec)
}

function spec(flag: Flag): string {
	const { name, short, value, says, among, offers, many } = flag
	const does = `[${says.replace(/[[\]\\:]/g, '\\$&')}]`
	const takes = value ? `:${value}:${action(among ?? offers)}` : ''
	const long = `--${name}${value ? '=' : ''}`
	if (!short) return quoted(`${many ? '*' : ''}${long}${does}${takes}`)
	return `${quoted(`(-${short} --${name})`)}{-${short},${long}}${quoted(`${does}${takes}`)}`
}

function placeSpecs({ arity, takes, offers }: Command): string[] {
	if (!offers) return []
	const words = takes.replace(/[[\]]/g, '').split(' ')
	return Array.from({ length: arity[1] }, (_, index) =>
		quoted(`${index + 1}:${words[index] ?? takes}:${action(offers)}`),
	)
}

function action(offers: Offers | undefined): string {
	if (offers === 'file') return '_files'
	if (offers === 'folder') return '_files -/'
	if (offers === 'causes' || offers === 'recordings') return `_k3s-doctor-${offers}`
	return offers ? `(${offers.join(' ')})` : ' '
}
