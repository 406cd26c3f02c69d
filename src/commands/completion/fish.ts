/** Completion for fish 3 and newer. */
import { type Command, commandOf, type Flag, type Offers } from '../table.js'
import {
	causeOffers,
	commandOffers,
	flagsOf,
	named,
	type Offer,
	recordingOffers,
	valueOptions,
} from './offers.js'

export function fishCompletion(): string {
	const root = commandOf('')
	return `# fish completion for k3s-doctor. Load it with: k3s-doctor completion fish | source

# The words so far that are neither options nor their values.
function __k3s_doctor_words
	set -l tokens (commandline -opc)
	set -l value 0
	for word in $tokens[2..]
		if test $value = 1
			set value 0
			continue
		end
		switch $word
			case ${valueOptions.join(' ')}
				set value 1
			case '-*'
			case '*'
				echo -- $word
		end
	end
end

# No command stands there yet.
function __k3s_doctor_before
	test (count (__k3s_doctor_words)) = 0
end

# This command stands there.
function __k3s_doctor_in
	set -l words (__k3s_doctor_words)
	test "$words[1]" = "$argv[1]"
end

# This command stands there, and fewer than so many arguments of it.
function __k3s_doctor_wants
	set -l words (__k3s_doctor_words)
	test "$words[1]" = "$argv[1]"; and test (count $words) -le $argv[2]
end

${list('causes', causeOffers)}
${list('recordings', recordingOffers)}
complete -c k3s-doctor -f
${commandOffers
	.map(([name, says]) => `complete -c k3s-doctor -n __k3s_doctor_before -a ${name} -d ${quote(says)}`)
	.join('\n')}
${root ? options(root, '__k3s_doctor_before') : ''}
${named()
	.map(command => [options(command, `'__k3s_doctor_in ${command.name}'`), ...places(command)].join('\n'))
	.join('\n')}
`
}

function list(name: string, offers: readonly Offer[]): string {
	const rows = offers.map(([word, says]) => `\t\t${word} ${quote(says)}`).join(' \\\n')
	return `function __k3s_doctor_${name}\n\tprintf '%s\\t%s\\n' \\\n${rows}\nend\n`
}

function options(command: Command, when: string): string {
	return flagsOf(command)
		.map(flag => `complete -c k3s-doctor -n ${when} ${option(flag)}`)
		.join('\n')
}

function option({ name, short, value, says, among, offers }: Flag): string {
	const names = `-l ${name}${short ? ` -s ${short}` : ''}`
	return `${names}${value ? ` -r ${action(among ?? offers)}` : ''} -d ${quote(says)}`
}

function places({ name, arity, offers }: Command): string[] {
	if (!offers) return []
	return [`complete -c k3s-doctor -n '__k3s_doctor_wants ${name} ${arity[1]}' ${action(offers)}`]
}

function action(offers: Offers | undefined): string {
	if (offers === 'file') return '-F'
	if (offers === 'folder') return `-f -a '(__fish_complete_directories (commandline -ct))'`
	if (offers === 'causes' || offers === 'recordings') return `-f -a '(__k3s_doctor_${offers})'`
	return offers ? `-f -a ${quote(offers.join(' '))}` : '-f'
}

/** In fish's single quotes a backslash escapes itself and the quote. */
function quote(text: string): string {
	return `'${text.replace(/[\\']/g, '\\$&')}'`
}
