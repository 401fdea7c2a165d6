# Starts the command. Read by ./mme5 in the source tree and by the script of a package.

# prepare_start JAVA [GREP OPTIONS...]: stderr, locale and flags are made ready for that virtual machine to take this shell's place.
# Lines of stderr that the grep options name are dropped.
prepare_start() {
    # Flags that the virtual machine refuses are wrong use (2), not failed inputs (1). Split into words on purpose.
    # shellcheck disable=SC2086
    if [ -n "${MME5_JAVA_OPTS:-}" ] && ! refusal=$("$1" $MME5_JAVA_OPTS -version 2>&1); then
        printf 'mme5: MME5_JAVA_OPTS: %s\n' "$refusal" >&2
        exit 2
    fi
    shift

    # The virtual machine always warns about incubator modules, on stderr and before any code of ours runs. So it starts with
    # stderr behind a filter that drops that line and keeps all others; the true stderr waits as number 9, and the command puts it
    # back before it writes to it (see Stderr.java). The filter ends then, or with the virtual machine.
    terminal=false
    if [ -t 2 ]; then terminal=true; fi
    columns=0
    # Inside $( ) number 1 is the substitution's pipe, so the terminal comes as number 8.
    if [ -t 1 ]; then { columns=$(stty size <&8 2>/dev/null | sed 's/.* //'); } 8>&1; fi

    # Java decodes arguments and file names by the locale: in one without UTF-8, letters beyond ASCII would be lost.
    case $(locale charmap 2>/dev/null) in
        UTF-8 | utf-8) ;;
        *) LC_ALL=C.UTF-8 && export LC_ALL ;;
    esac

    stderr_fd=
    if pipe=$(mktemp -d "${TMPDIR:-/tmp}/mme5.XXXXXX" 2>/dev/null); then
        if mkfifo "$pipe/stderr" 2>/dev/null; then
            exec 9>&2
            # A process of its own, not our child: the virtual machine that replaces this shell would never wait for it.
            (grep -v -e '^WARNING: Using incubator modules: jdk\.incubator\.vector$' "$@" \
                <"$pipe/stderr" >&2 9>&- &) </dev/null >/dev/null
            exec 2>"$pipe/stderr"
            stderr_fd=9
        fi
        rm -rf "$pipe"
    fi
}

# start_mme5 JAVA MODEL CACHE MODULES ARGUMENTS...
#
# MODEL is the default model folder, MODULES the folder of the command's modules or nothing where they are part of JAVA's runtime, CACHE
# a start-up cache that was made with just these. A cache that is missing or does not fit is not used, and nothing is said. With
# MME5_MAKE_CACHE=FILE in the environment, the run makes such a cache.
start_mme5() {
    java=$1
    model=$2
    cache=$3
    modules=$4
    shift 4
    prepare_start "$java"

    set -- --module dev.mme5.cli/dev.mme5.cli.Main "$@"
    [ -z "$modules" ] || set -- --module-path "$modules" "$@"
    # UseBimorphicInlining: vectors of two widths are in use, and where C2 takes both for possible it sometimes makes objects of them. A
    # virtual machine without C2 does not know that option.
    # shellcheck disable=SC2086
    set -- -XX:+IgnoreUnrecognizedVMOptions -XX:-UseBimorphicInlining \
        -Xlog:disable -Xlog:all=error:stderr -Xlog:aot*=off:stderr -Xlog:cds*=off:stderr -Djava.awt.headless=true \
        --enable-native-access=dev.mme5.cli,dev.mme5.engine,dev.mme5.weights \
        -Dmme5.model="${MME5_MODEL:-$model}" -Dmme5.stderr.terminal=$terminal \
        -Dmme5.stderr.fd=$stderr_fd -Dmme5.columns="${columns:-0}" \
        ${MME5_JAVA_OPTS:-} "$@"
    if [ -n "${MME5_MAKE_CACHE:-}" ]; then
        # First which classes, then the cache of them. Not as an AOT cache (JEP 483): that leaves out the classes of lambdas where there
        # is an incubator module.
        classes=$MME5_MAKE_CACHE.classes
        status=0
        "$java" -XX:DumpLoadedClassList="$classes" "$@" || status=$?
        [ ! -r "$classes" ] || "$java" -Xshare:dump -XX:SharedClassListFile="$classes" -XX:SharedArchiveFile="$MME5_MAKE_CACHE" "$@" >/dev/null
        rm -f "$classes"
        exit "$status"
    fi
    [ ! -r "$cache" ] || set -- -XX:SharedArchiveFile="$cache" "$@"
    exec "$java" "$@"
}
