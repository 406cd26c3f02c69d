// One file of everything, for any Node.js from 20 on: node .ci/bundle.mjs [OUTFILE]. Build first.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parameters, parts, recordingFile, root, shippedRecordings } from './bundle/parts.mjs'

// What comes later stands in comments at the end: V8 reads over them, where even a string would cost it time.
const begin = name => `\n/*${name}\n`
const end = '\n*/'
/** What ends a comment must not stand in it. */
const hidden = text => text.replaceAll('*/', '*\u0001/')

/** What Node.js 20 lacks. */
const young = `
Promise.withResolvers??=function(){let a,b;const c=new this((d,e)=>{a=d;b=e});return{promise:c,resolve:a,reject:b}};
URL.parse??=(a,b)=>{try{return new URL(a,b)}catch{return null}};
Set.prototype.union??=function(a){return new Set([...this,...a.keys()])};
Map.groupBy??=(a,f)=>{const m=new Map();let i=0;for(const x of a){const k=f(x,i++);m.get(k)?.push(x)??m.set(k,[x])}return m};`

const reader = `
const moduleUrl=require('node:url').pathToFileURL(__filename).href;
const shipped=(()=>{
let late;const kept={};
const comment=name=>{
const file=require('node:fs').readFileSync(__filename);
const from=file.lastIndexOf('\\n/'+'*'+name+'\\n')+name.length+4;
return file.latin1Slice(from,file.indexOf('\\n*'+'/',from)).replaceAll('*\\x01/','*'+'/')};
return{
late(file){
if(!late){
const make=require('node:vm').compileFunction(comment('late-part'),${JSON.stringify(parameters)},{filename:__filename});
const part={exports:{}};make.call(part.exports,part.exports,require,part,__filename,shipped,moduleUrl);late=part.exports}
return kept[file]??=late[file]()},
recording:name=>Buffer.from(JSON.parse(comment('recordings'))[name],'base64')}})();`

/** Writes the file; returns what went into it. */
export async function bundle(outfile) {
	const made = await parts()
	const recordings = Object.fromEntries(
		shippedRecordings().map(name => [name, readFileSync(recordingFile(name), 'base64')]),
	)
	const text = [
		`#!/usr/bin/env node${young}${reader}\n`,
		made.early,
		'module.exports.start(process.argv.slice(2));',
		`${begin('late-part')}${hidden(made.late.trimEnd())}${end}`,
		`${begin('recordings')}${JSON.stringify(recordings)}${end}\n`,
	]
	mkdirSync(dirname(outfile), { recursive: true })
	writeFileSync(outfile, text.join(''), { mode: 0o755 })
	return made
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await bundle(process.argv[2] ?? join(root, 'dist/k3s-doctor.cjs'))
}
