// Echo server of ASP.NET Core: each message is read whole into a buffer of its connection.

using System.Net;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Core;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
});
var app = builder.Build();
app.UseWebSockets();
app.Map("/ws", async context =>
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    await Echo(socket);
});
await app.StartAsync();
using var collect = PosixSignalRegistration.Create((PosixSignal)12 /* SIGUSR2 */, signal =>
{
    signal.Cancel = true;
    GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
});
Console.WriteLine($"Listening on {app.Urls.First()}");
await app.WaitForShutdownAsync();

static async Task Echo(WebSocket socket)
{
    var buffer = new byte[4096];
    var length = 0;
    while (true)
    {
        if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var result = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
        if (result.MessageType == WebSocketMessageType.Close)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            return;
        }
        length += result.Count;
        if (!result.EndOfMessage) continue;
        await socket.SendAsync(
            buffer.AsMemory(0, length), result.MessageType, true, CancellationToken.None);
        length = 0;
    }
}
