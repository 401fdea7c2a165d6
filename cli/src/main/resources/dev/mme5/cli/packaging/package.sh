#!/bin/sh
# mme5 with the Java runtime and the model in the folder of this script.
#
#   MME5_MODEL      default model instead of the one next to this script
#   MME5_JAVA_OPTS  more flags for the JVM, such as -Xmx1g
#   MME5_DEBUG      if set, errors are followed by their stack trace
set -u

# Without a stderr there is nobody to tell anything.
(exec 8>&2) || exec 2>/dev/null
# Without a stdin, Java would take the first file that it opens for it.
(exec 8<&0) 2>/dev/null || exec </dev/null

self=$0
while [ -h "$self" ]; do
    folder=$(CDPATH='' cd -P -- "$(dirname -- "$self")" && pwd) || exit 2
    self=$(readlink -- "$self") || exit 2
    case $self in /*) ;; *) self=$folder/$self ;; esac
done
case $self in */*) folder=${self%/*} ;; *) folder=. ;; esac
root=$(CDPATH='' cd -P -- "$folder/" && pwd) || exit 2

case $root in
    *:*)
        printf 'mme5: the path of this folder, %s, has a colon, which separates paths for Java: move or rename a folder\n' "$root" >&2
        exit 2
        ;;
esac

. "$root/start.sh"
start_mme5 "$root/runtime/bin/java" "$root/model" "$root/start-up.jsa" "" "$@"
