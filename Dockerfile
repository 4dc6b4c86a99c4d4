# The program on plain Debian, with its .NET runtime inside. Two ways to the program:
#
#   built in the image:    docker build -t dataplane --build-arg SDK_IMAGE=NAME .
#                          NAME: any image with the .NET SDK that global.json asks for
#   published beforehand:  dotnet publish src/Dataplane.Cli -c Release --self-contained -o out/image
#                          dotnet publish src/Dataplane.Cni -c Release -o out/image      (the CNI plugin, if it is wanted)
#                          dotnet publish src/Dataplane.Supervisor -c Release -o out/image     (programs in pods, likewise)
#                          docker build -t dataplane .
#                          (out/image is taken as it is; `make clean` removes it)
#
# Run it with --privileged: it makes network namespaces and writes their sysctls (deploy/README.md says what that takes).
ARG RUNTIME_IMAGE=debian:bookworm-slim
ARG SDK_IMAGE=debian:bookworm-slim

FROM ${SDK_IMAGE} AS program
WORKDIR /source
COPY . .
ENV CI=true DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
# The plugin is compiled ahead of time: that takes a linker and the headers of the C library and zlib.
RUN [ -x out/image/dataplane ] || { \
      { [ -e /usr/include/zlib.h ] && command -v gcc >/dev/null; } \
        || { apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev zlib1g-dev; } \
      && dotnet publish src/Dataplane.Cli -c Release --self-contained -o out/image \
      && dotnet publish src/Dataplane.Cni -c Release -o out/image \
      && dotnet publish src/Dataplane.Supervisor -c Release -o out/image; }

FROM ${RUNTIME_IMAGE}
# nft and ip are for people to look with, libpcap is for `read` and `capture --filter`; everything else needs the C++ runtime only.
RUN dpkg -s nftables iproute2 libpcap0.8 libstdc++6 >/dev/null 2>&1 \
 || { apt-get update && apt-get install -y --no-install-recommends nftables iproute2 libpcap0.8 libstdc++6 \
      && rm -rf /var/lib/apt/lists/*; }
COPY --from=program /source/out/image /usr/lib/dataplane
RUN ln -s /usr/lib/dataplane/dataplane /usr/bin/dataplane
ENTRYPOINT ["/usr/bin/dataplane"]
CMD ["--help"]
