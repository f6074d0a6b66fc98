/*
 * The order of the work in package scrub, for the model checker spin.
 *
 * A source of TILES tiles is scanned, copied, verified and published, while
 * another process writes to it at any moment, the destination loses or garbles a
 * write, the process is killed, and the power fails. Two things must hold in
 * every state:
 *
 *   examined  what has a name is the redaction of what was scanned, every tile
 *   verified  what has a name was read back from where it lies, and is durable
 *
 * run.sh also takes out one safeguard after the other and demands that spin then
 * finds a way to break one of them:
 *
 *   NO_DIGEST   the copy and the comparison do not look at the digests
 *   SHARED      the scan digests at another moment than it examines (mapped
 *               memory in place of a private buffer)
 *   NO_VERIFY   the copy is not read back
 *   EARLY_NAME  the output has its name from the beginning
 *   NO_SYNC     the output is named without fsync
 *   RECEIPT_1ST the receipt is named before the output
 *   REACHABLE   no fault: shows that runs do end with a publication at all
 */

#define TILES 2

/* What a tile holds. */
#define NOTHING 0	/* not written yet, or lost */
#define CLEAN   1
#define OTHER   2	/* also clean, but other bytes */
#define KEY     3
#define FILL    4	/* a key, redacted */

byte source[TILES] = CLEAN;
byte seen[TILES];	/* ghost: what the detectors looked at */
byte digest[TILES];	/* of what was scanned; equal bytes, equal digests */
bool cut[TILES];	/* the plan */
byte cache[TILES];	/* the unnamed output, as the process reads it */
byte disk[TILES];	/* the unnamed output, as it is after a power cut */
bool verified;
bool named, receipt;
bool killed;

#define redacted(v) ((v) == KEY -> FILL : (v))

/* wanted is what the output must hold for tile i. */
#define wanted(i) redacted(seen[i])

inline look(i) {
	/* One read into a private buffer: digest and detectors see the same bytes. */
	buf = source[i];
	seen[i] = buf;
	cut[i] = (buf == KEY);
#ifdef SHARED
	buf = source[i];
#endif
	digest[i] = buf
}

inline duplicate(i) {
	buf = source[i];
#ifndef NO_DIGEST
	if
	:: buf != digest[i] -> goto changed
	:: else
	fi;
#endif
	if
	:: cut[i] -> buf = FILL
	:: else
	fi;
	/* The destination may lose a write and say nothing. */
	if
	:: cache[i] = buf
	:: cache[i] = NOTHING
	fi
}

inline attack(i) {
	buf = cache[i];
	if
	:: buf == KEY || buf == NOTHING -> goto failed
	:: else
	fi;
#ifndef NO_DIGEST
	if
	:: cut[i] && buf != FILL -> goto failed
	:: !cut[i] && buf != digest[i] -> goto failed
	:: else
	fi
#endif
}

active proctype Scrub() {
	byte buf;
	byte i;
	{
#ifdef EARLY_NAME
		named = true;
#endif
		for (i : 0 .. TILES-1) { look(i) }
		for (i : 0 .. TILES-1) { duplicate(i) }
#ifndef NO_VERIFY
		for (i : 0 .. TILES-1) { attack(i) }
#endif
		verified = true;
#ifndef NO_SYNC
		for (i : 0 .. TILES-1) { disk[i] = cache[i] }
#endif
#ifdef RECEIPT_1ST
		receipt = true;
		named = true;
#else
		named = true;
		receipt = true;
#endif
		goto done;
changed:	skip;	/* exit 5 */
failed:		skip;	/* exit 1 or 3 */
done:		skip
	} unless { killed }
}

/* Another process changes the source whenever it likes. */
active proctype Writer() {
	byte i;
	do
	:: atomic { select(i : 0 .. TILES-1);
		if
		:: source[i] = CLEAN
		:: source[i] = OTHER
		:: source[i] = KEY
		fi }
	:: break
	od
}

/* The kernel writes pages back whenever it likes. */
active proctype Writeback() {
	byte i;
	do
	:: atomic { select(i : 0 .. TILES-1); disk[i] = cache[i] }
	:: break
	od
}

active proctype Killer() {
	if
	:: killed = true
	:: skip
	fi
}

/* Whatever happens, and whenever the power fails, this holds. */
active proctype Monitor() {
	byte i;
	atomic {
#ifdef REACHABLE
		receipt -> assert(false)
#else
		(named || receipt) ->
		assert(named);
		assert(verified);
		for (i : 0 .. TILES-1) {
			assert(disk[i] == wanted(i));
			assert(disk[i] != KEY)
		}
#endif
	}
}
