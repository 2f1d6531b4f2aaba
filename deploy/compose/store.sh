#!/bin/bash
# Starts a member of a store. mongod takes no key that anybody but its own user may read, and secrets are mounted
# for everybody in the container to read: it is given a copy.
set -euo pipefail
install -m 400 -o mongodb -g mongodb /run/secrets/store_key /data/configdb/key

# What a killed service left open blocks the streams it touched for five seconds, by default for sixty.
exec docker-entrypoint.sh mongod --replSet jinlin --keyFile /data/configdb/key --wiredTigerCacheSizeGB 0.25 \
    --setParameter transactionLifetimeLimitSeconds=5 --setParameter diagnosticDataCollectionEnabled=false
