// Receives webhooks, and answers 401 to calls that are not genuine. .NET 10 or newer.
// Run: dotnet run verify.cs
// In a project of `dotnet new web` leave out the line with #:sdk; then .NET 8 will do.
#:sdk Microsoft.NET.Sdk.Web

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

var app = WebApplication.Create(args);

app.MapPost("/{**path}", async (HttpRequest request, ILogger<Program> log) =>
{
    // The bytes that were signed, before anything parses them.
    using var buffer = new MemoryStream();
    await request.Body.CopyToAsync(buffer);
    var body = buffer.ToArray();
    if (!Webhooks.VerifyStandard(request.Headers, body)) return Results.Unauthorized();

    // Keep the record, then answer, then work on it.
    var action = request.Headers["posthorn-action"].ToString();
    log.LogInformation("{Action} {Body}", action, Encoding.UTF8.GetString(body));
    return Results.NoContent();
});

app.Run($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "8080"}");

static class Webhooks
{
    const string Secret = "your shared secret";
    const long ToleranceSeconds = 300;

    /// <summary>
    /// Checks webhook-signature. The time is signed too: an old call cannot be sent again.
    /// </summary>
    public static bool VerifyStandard(IHeaderDictionary headers, byte[] body)
    {
        var timestamp = headers["webhook-timestamp"].ToString();
        if (timestamp.Length > 12
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - at) > ToleranceSeconds)
            return false;

        var key = Secret.StartsWith("whsec_", StringComparison.Ordinal)
            ? FromBase64(Secret["whsec_".Length..]) : Encoding.UTF8.GetBytes(Secret);
        var head = Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{timestamp}.");
        byte[] signed = [.. head, .. body];
        var expected = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";
        // While the secret is being changed there are two signatures.
        return headers["webhook-signature"].ToString().Split(' ')
            .Any(given => IsSame(given, expected));
    }

    /// <summary>Checks X-Nexudus-Hook-Signature, if called instead. The body alone is signed.</summary>
    public static bool VerifyNexudus(IHeaderDictionary headers, byte[] body)
    {
        var digest = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body);
        return IsSame(headers["X-Nexudus-Hook-Signature"].ToString(), Convert.ToHexString(digest));
    }

    /// <summary>The padding at the end may be missing.</summary>
    static byte[] FromBase64(string text) =>
        Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));

    static bool IsSame(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
