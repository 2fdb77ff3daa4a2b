// Echo server with gorilla/websocket, which reads into one buffer for each connection.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/gorilla/websocket"
)

var upgrader = websocket.Upgrader{ReadBufferSize: 4096, WriteBufferSize: 4096}

func echo(writer http.ResponseWriter, request *http.Request) {
	socket, err := upgrader.Upgrade(writer, request, nil)
	if err != nil {
		return
	}
	defer socket.Close()
	buffer := make([]byte, 4096)
	for {
		kind, reader, err := socket.NextReader()
		if err != nil {
			return
		}
		length := 0
		for {
			if length == len(buffer) {
				buffer = append(buffer, make([]byte, len(buffer))...)
			}
			read, err := reader.Read(buffer[length:])
			length += read
			if err == io.EOF {
				break
			}
			if err != nil {
				return
			}
		}
		if socket.WriteMessage(kind, buffer[:length]) != nil {
			return
		}
	}
}

func main() {
	collect := make(chan os.Signal, 1)
	signal.Notify(collect, syscall.SIGUSR2)
	go func() {
		for range collect {
			debug.FreeOSMemory()
		}
	}()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("Listening on http://%s\n", listener.Addr())
	http.HandleFunc("/ws", echo)
	panic(http.Serve(listener, nil))
}
