# Starts the command. Read by ./mme5 in the source tree and by the script of a package.

# prepare_start JAVA [GREP OPTIONS...]: prepares stderr, locale and flags for the JVM, which then replaces this shell. The grep options
# name lines of stderr to drop.
prepare_start() {
    # Flags that the JVM refuses are wrong use (2), not failed inputs (1). They are split into words on purpose. A common limit of the heap
    # alone is not tried: that would start another JVM first.
    case ${MME5_JAVA_OPTS:-} in
        '' | -Xmx[1-9][0-9]m | -Xmx[1-9][0-9][0-9]m | -Xmx[1-9][0-9][0-9][0-9]m | -Xmx[1-9]g) untried= ;;
        *) untried=yes ;;
    esac
    tried=
    # Not those of a flight recording, which would be written when the JVM only tells its version; the JVM that runs the command finds a
    # wrong value of these itself, and ends with status 1.
    for option in ${MME5_JAVA_OPTS:-}; do
        case $option in
            -XX:StartFlightRecording* | -XX:FlightRecorderOptions*) ;;
            *) tried="$tried $option" ;;
        esac
    done
    # shellcheck disable=SC2086
    if [ -n "$untried" ] && [ -n "$tried" ] && ! refusal=$("$1" $tried -version 2>&1); then
        printf 'mme5: MME5_JAVA_OPTS: %s\n' "$refusal" >&2
        exit 2
    fi
    shift

    # Because the JVM always warns about incubator modules on stderr, before any code of ours runs, it starts with stderr behind a
    # filter that drops this line. The unfiltered stderr is descriptor 9. The command puts it back before its first message (see
    # UnfilteredStderr.java). The filter ends then, or with the JVM.
    terminal=false
    if [ -t 2 ]; then terminal=true; fi
    columns=0
    # Inside $( ), descriptor 1 is a pipe, so the terminal is passed as descriptor 8.
    if [ -t 1 ]; then { columns=$(stty size <&8 2>/dev/null | sed 's/.* //'); } 8>&1; fi

    # Because Java decodes arguments and file names by the locale, a locale without UTF-8 would lose letters.
    case $(locale charmap 2>/dev/null) in
        UTF-8 | utf-8) ;;
        *) LC_ALL=C.UTF-8 && export LC_ALL ;;
    esac

    # On POSIX systems, a JVM that may not read its working directory does not find back from the folder of its performance counters
    # (JDK 25), and takes relative paths from there.
    without_counters=
    [ -r . ] || without_counters=-XX:-UsePerfData

    stderr_fd=
    if pipe=$(mktemp -d "${TMPDIR:-/tmp}/mme5.XXXXXX" 2>/dev/null); then
        if mkfifo "$pipe/stderr" 2>/dev/null; then
            exec 9>&2
            # Not a child process, because the JVM that replaces this shell would never wait for it.
            (grep -v -e '^WARNING: Using incubator modules: jdk\.incubator\.vector$' "$@" \
                <"$pipe/stderr" >&2 9>&- &) </dev/null >/dev/null
            exec 2>"$pipe/stderr"
            stderr_fd=9
        fi
        rm -rf "$pipe"
    fi
}

# Prints how the terminal shows images: kitty, iterm2 or sixel, or nothing. A terminal that its environment does not tell is asked for its
# attributes (DA1); 4 among them are sixels. Inside tmux and screen, the environment is that of the terminal outside.
terminal_images() {
    case ${TMUX:+tmux}${TERM:-} in
        tmux* | screen*) ;;
        xterm-kitty | xterm-ghostty) echo kitty && return ;;
        *)
            case ${TERM_PROGRAM:-}:${LC_TERMINAL:-}:${KITTY_WINDOW_ID:+kitty} in
                *:kitty) echo kitty && return ;;
                iTerm.app:* | WezTerm:* | *:iTerm2:*) echo iterm2 && return ;;
            esac
            ;;
    esac
    modes=$(stty -g 2>/dev/null </dev/tty) || return 0
    stty -echo -icanon min 0 time 5 2>/dev/null </dev/tty
    printf '\033[c' >/dev/tty
    attributes=$(dd bs=64 count=1 2>/dev/null </dev/tty)
    stty "$modes" 2>/dev/null </dev/tty
    case $attributes in *"?4;"* | *";4;"* | *";4c"* | *"?4c"*) echo sixel ;; esac
}

# is_brief MODEL ARGUMENTS...: whether the command embeds a short text with a small model, without the optimising compiler of the JVM
# (C2): C2 costs a third of the time of such a process and half of its processor time, and does not pay. MODEL is the default.
is_brief() {
    folder=$1
    [ "${2:-}" = embed ] || return 1
    shift 2
    length=0
    while [ $# -gt 0 ]; do
        case $1 in
            --quiet) ;;
            --model | --prompt-name)
                [ $# -gt 1 ] || return 1
                [ "$1" = --prompt-name ] || folder=$2
                shift
                ;;
            -*) return 1 ;;
            *) length=$((length + ${#1} + 10)) ;; # each text has tokens of its own, too
        esac
        shift
    done
    [ "$length" -le 200 ] || return 1
    [ -e "$folder" ] || find_snapshot || return 1
    [ -r "$folder/model.safetensors" ] || return 1
    # int4 needs vector code, which only C2 makes fast; an adapter is merged into all weights.
    [ ! -e "$folder/quantization.json" ] && [ ! -e "$folder/adapter_config.json" ] || return 1
    # Less than 154 MB.
    [ -n "$(find -L "$folder/model.safetensors" -size -300000 2>/dev/null)" ]
}

# Replaces $folder, if it is ORG/NAME or ORG/NAME@REV, by the snapshot that the hub's cache has of it. HubSettings.java reads the same
# variables.
find_snapshot() {
    revision=main
    case $folder in
        *@*)
            revision=${folder#*@}
            folder=${folder%%@*}
            ;;
    esac
    case $folder in
        */*/* | /* | */) return 1 ;;
        */*) ;;
        *) return 1 ;;
    esac
    repository=${XDG_CACHE_HOME:-${HOME:-}/.cache}/huggingface
    repository=${HF_HUB_CACHE:-${HUGGINGFACE_HUB_CACHE:-${HF_HOME:-$repository}/hub}}/models--${folder%%/*}--${folder#*/}
    commit=
    case /$revision/ in
        *//* | */../* | */./*) return 1 ;;
    esac
    # A commit is its own revision. No newline ends the line where Python wrote it.
    if [ -f "$repository/refs/$revision" ]; then
        [ -r "$repository/refs/$revision" ] || return 1
        read -r commit <"$repository/refs/$revision" || [ -n "$commit" ] || return 1
    else
        commit=$revision
    fi
    case $commit in
        *[!0-9a-f]*) return 1 ;;
    esac
    [ ${#commit} -eq 40 ] || return 1
    folder=$repository/snapshots/$commit
}

# start_mme5 JAVA MODEL CACHE MODULES ARGUMENTS...
#
# MODEL: the default model folder. MODULES: the folder of the command's modules, with those of Lucene in a folder below it, or empty if all are
# part of the runtime of JAVA. CACHE: a
# start-up cache made with exactly these; if it is missing or does not fit, it is ignored without a message. With
# MME5_MAKE_CACHE=FILE in the environment, the run makes such a cache; with MME5_CACHE_MODEL=FOLDER, of another run with that model, too.
start_mme5() {
    java=$1
    model=$2
    cache=$3
    modules=$4
    shift 4
    images=
    case " $* " in
        *" --show "*) if [ -t 1 ]; then images=$(terminal_images); fi ;;
    esac
    # Only a search that asks for Lucene pays for its modules, and a package gets them: even a jar on the module path that is not used takes
    # time at every start. The words in a query do no harm.
    case " $* " in
        *" lucene "* | *" --engine=lucene "* | *" package "*) lucene=dev.mme5.lucene ;;
        *) lucene= ;;
    esac
    prepare_start "$java"
    # Flags of the user may not go with this one.
    brief=
    if [ -z "$untried" ] && is_brief "${MME5_MODEL:-$model}" "$@"; then brief=-XX:TieredStopAtLevel=1; fi

    set -- --module dev.mme5.cli/dev.mme5.cli.Main "$@"
    [ -z "$lucene" ] || set -- --enable-native-access=org.apache.lucene.core --add-modules "$lucene" "$@"
    [ -z "$modules" ] || set -- --module-path "$modules${lucene:+:$modules/lucene}" "$@"
    # shellcheck disable=SC2086
    set -- $without_counters -Xlog:disable -Xlog:all=error:stderr -Xlog:aot*=off:stderr -Xlog:cds*=off:stderr -Djava.awt.headless=true \
        --enable-native-access=dev.mme5.cli,dev.mme5.engine,dev.mme5.weights \
        -Dmme5.model="${MME5_MODEL:-$model}" -Dmme5.stderr.terminal=$terminal \
        -Dmme5.stderr.fd=$stderr_fd -Dmme5.columns="${columns:-0}" \
        -Dmme5.terminal.images="$images" $brief ${MME5_JAVA_OPTS:-} "$@"
    if [ -n "${MME5_MAKE_CACHE:-}" ]; then
        # Lists the loaded classes, then makes a cache of them. Not an AOT cache (JEP 483), because that omits the classes of lambdas if there
        # is an incubator module.
        classes=$MME5_MAKE_CACHE.classes
        status=0
        "$java" -XX:DumpLoadedClassList="$classes" "$@" || status=$?
        if [ -r "$classes" ] && [ -d "${MME5_CACHE_MODEL:-}" ]; then
            "$java" -XX:DumpLoadedClassList="$classes.more" "$@" --model "$MME5_CACHE_MODEL" >/dev/null
            # Both lists number their classes from 0.
            sed 's/ id: [0-9]*$//' "$classes" "$classes.more" >"$classes.all" && mv -f "$classes.all" "$classes"
            rm -f "$classes.more"
        fi
        [ ! -r "$classes" ] || "$java" -Xshare:dump -XX:SharedClassListFile="$classes" -XX:SharedArchiveFile="$MME5_MAKE_CACHE" "$@" >/dev/null
        rm -f "$classes"
        exit "$status"
    fi
    [ ! -r "$cache" ] || set -- -XX:SharedArchiveFile="$cache" "$@"
    exec "$java" "$@"
}
