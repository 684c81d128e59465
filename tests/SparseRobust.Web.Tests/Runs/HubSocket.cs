using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace SparseRobust.Web.Tests.Runs;

/// <summary>A browser's connection to the hub, without the browser: JSON messages over a WebSocket, each ended by U+001E.</summary>
internal sealed class HubSocket : IDisposable
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(2);

    private readonly ClientWebSocket _socket = new();
    private readonly StringBuilder _received = new();

    public static async Task<HubSocket> OpenAsync(LabServer server)
    {
        var hub = new HubSocket();
        await hub._socket.ConnectAsync(new UriBuilder(server.Client.BaseAddress!) { Scheme = "ws", Path = "/hubs/runs" }.Uri, CancellationToken.None);
        await hub.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await hub.ReceiveAsync());
        return hub;
    }

    public Task InvokeAsync(string method, params object?[] arguments) => SendAsync(JsonSerializer.Serialize(new { type = 1, target = method, arguments }));

    /// <summary>The argument of the next call of a method by the server.</summary>
    public async Task<JsonElement> CalledAsync(string method)
    {
        while (true)
        {
            var message = JsonElement.Parse(await ReceiveAsync());
            if (message.TryGetProperty("target", out var target) && target.GetString() == method)
                return message.GetProperty("arguments")[0];
        }
    }

    public void Dispose() => _socket.Dispose();

    private Task SendAsync(string json) => _socket.SendAsync(Encoding.UTF8.GetBytes(json + "\u001e"), WebSocketMessageType.Text, true, CancellationToken.None);

    private async Task<string> ReceiveAsync()
    {
        var buffer = new byte[16_384];
        using var never = new CancellationTokenSource(Never);
        while (true)
        {
            var text = _received.ToString();
            if (text.IndexOf('\u001e', StringComparison.Ordinal) is var end and >= 0)
            {
                _received.Remove(0, end + 1);
                return text[..end];
            }
            var part = await _socket.ReceiveAsync(buffer, never.Token);
            Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
            _received.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }
    }
}
