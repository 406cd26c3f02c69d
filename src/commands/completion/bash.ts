/** Completion for bash 4 and newer; needs nothing of the bash-completion package. */
import { commandOf, type Flag, flags, type Offers } from '../table.js'
import {
	causeOffers,
	commandOffers,
	flagsOf,
	named,
	type Offer,
	optionWords,
	quoted,
	recordingOffers,
	valueOptions,
} from './offers.js'

export function bashCompletion(): string {
	const root = commandOf('')
	return `# bash completion for k3s-doctor. Load it with: source <(k3s-doctor completion bash)

_k3s_doctor() {
	local current="\${COMP_WORDS[COMP_CWORD]}" before='' option='' command='' given=0 word i
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word="\${COMP_WORDS[i]}"
		# bash cuts --format=json into three words.
		if [[ $word == = ]]; then continue; fi
		if [[ -n $option ]]; then
			option=''
			continue
		fi
		case "$word" in
		${valueOptions.join(' | ')}) option="$word" ;;
		-?*) ;;
		*) if [[ -z $command ]]; then command="$word"; else given=$((given + 1)); fi ;;
		esac
	done
	if [[ $current == = ]]; then current=''; fi
	if [[ $current == --*=* ]]; then
		option="\${current%%=*}"
		before="$option="
		current="\${current#*=}"
	fi
	if [[ -n $option ]]; then
		case "$command $option" in
${[...fewerValues(), ...flags.filter(({ value }) => value).map(flag => valueCase('*', flag))].join('\n')}
		esac
		if [[ -n $before ]]; then COMPREPLY=("\${COMPREPLY[@]/#/$before}"); fi
		return
	fi
	if [[ $current != -* ]]; then
		if [[ -z $command ]]; then
			_k3s_doctor_words ${words(commandOffers)}
			return
		fi
		case "$command $given" in
${named()
	.filter(({ offers }) => offers)
	.map(({ name, arity, offers }) => {
		const places = Array.from({ length: arity[1] }, (_, index) => quoted(`${name} ${index}`))
		return `\t\t${places.join(' | ')})\n\t\t\t${action(offers)}\n\t\t\treturn\n\t\t\t;;`
	})
	.join('\n')}
		esac
	fi
	case "$command" in
	'') word=${quoted(root ? optionList(root) : '')} ;;
${named()
	.map(command => `\t${command.name}) word=${quoted(optionList(command))} ;;`)
	.join('\n')}
	*) word='' ;;
	esac
	_k3s_doctor_words "$word"
	# What stands there already is not offered again.
	for i in "\${!COMPREPLY[@]}"; do
		if [[ " \${COMP_WORDS[*]:1:COMP_CWORD-1} " == *" \${COMPREPLY[i]} "* ]]; then
			unset "COMPREPLY[i]"
		fi
	done
}

_k3s_doctor_words() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

_k3s_doctor_paths() {
	# With no words of ours, readline completes and quotes paths itself; behind --option=, it would lose the option.
	if [[ -z $before ]]; then
		compopt -o "$1"
	else
		mapfile -t COMPREPLY < <(compgen "$2" -- "$current")
		compopt -o filenames
	fi
}

complete -F _k3s_doctor k3s-doctor
`
}

/** The commands that take fewer values of a flag than others come first. */
function fewerValues(): string[] {
	return named().flatMap(command =>
		flagsOf(command)
			.filter(({ name }) => command.among?.[name])
			.map(flag => valueCase(command.name, flag)),
	)
}

function valueCase(command: string, flag: Flag): string {
	const pattern = optionWords(flag).map(word => `${command === '*' ? '*' : command}' ${word}'`)
	return `\t\t${pattern.join(' | ')}) ${action(flag.among ?? flag.offers)} ;;`
}

function optionList(command: Parameters<typeof flagsOf>[0]): string {
	return flagsOf(command).flatMap(optionWords).join(' ')
}

function words(offers: readonly Offer[]): string {
	return quoted(offers.map(([word]) => word).join(' '))
}

function action(offers: Offers | undefined): string {
	if (offers === 'file') return '_k3s_doctor_paths default -f'
	if (offers === 'folder') return '_k3s_doctor_paths dirnames -d'
	if (offers === 'causes') return `_k3s_doctor_words ${words(causeOffers)}`
	if (offers === 'recordings') return `_k3s_doctor_words ${words(recordingOffers)}`
	return offers ? `_k3s_doctor_words ${quoted(offers.join(' '))}` : ':'
}
