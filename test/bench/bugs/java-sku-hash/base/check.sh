#!/bin/sh
# Compiles everything and runs the checks that are named.
set -e
mkdir -p out
find src check -name '*.java' > out/sources.txt
javac -d out @out/sources.txt
for name in "$@"; do java -cp out "$name"; done
