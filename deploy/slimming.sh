#!/bin/sh
# Takes out of installed packages what no process of ours ever loads: slimming.sh SITE-PACKAGES
set -eu
cd "$1"

# What compilers, type checkers and the packages' own tests read.
find . -depth -type d \( -name tests -o -name test \) -exec rm -rf {} +
find . -type f \( -name '*.py[ix]' -o -name '*.pxd' -o -name '*.pxi' -o -name '*.[ch]' -o -name '*.cpp' -o -name '*.a' \) -delete
rm -rf numpy/f2py numpy/distutils

# Pages are in Chinese and English; Babel knows the calendars of some 500 languages.
find babel/locale-data -name '*.dat' ! -name 'root.dat' ! -name 'zh*.dat' ! -name 'en*.dat' -delete

# Rich colours what it prints: of five hundred languages Python, where something fails.
find pygments/lexers -name '[a-z]*.py' ! -name python.py ! -name special.py -delete

# Of brokers there is one.
rm -rf faststream/confluent faststream/nats faststream/rabbit faststream/redis faststream/mqtt
