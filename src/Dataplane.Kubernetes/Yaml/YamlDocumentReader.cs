using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// The documents of one file, one after the other. A document that cannot be read is reported and reading goes on at the
/// next <c>---</c>, so that one run finds the problems of all documents. Nothing is thrown, whatever the text.
/// </summary>
internal sealed class YamlDocumentReader
{
    private const int MaxFailures = 20;
    /// <summary>Repairs parse the document again: only for files that people write by hand.</summary>
    private const int MaxRepairableLength = 1 << 20;

    private readonly SourceText _source;
    private readonly DiagnosticBag _bag;
    private readonly Dictionary<int, int> _columnShifts = [];
    private SourceText _text;
    private Parser? _parser;
    private int _baseLine;
    private int _documentLine = 1;
    private int _lastLine = 1;
    private int _failures;
    private bool _ended;

    public YamlDocumentReader(SourceText source, DiagnosticBag bag)
    {
        _source = source;
        _text = source;
        _bag = bag;
    }

    /// <summary>The next document that could be read; false at the end of the text.</summary>
    public bool TryRead([NotNullWhen(true)] out YamlNode? document)
    {
        document = null;
        while (!_ended)
        {
            try
            {
                if (TryReadHere(out document))
                {
                    return true;
                }
                _ended = true;
            }
            catch (YamlRefusal refusal)
            {
                _bag.Add(refusal.Diagnostic);
                Skip();
            }
            catch (YamlException e)
            {
                Recover(e, PlaceOf(e.Start));
            }
            // The library also throws InvalidOperationException, ArgumentException and others for malformed input.
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Recover(e, new SourcePosition(_source.File, _lastLine, 1));
            }
        }
        return false;
    }

    private bool TryReadHere([NotNullWhen(true)] out YamlNode? document)
    {
        if (_parser is null)
        {
            _parser = new Parser(new StringReader(_text.Text[_text.StartOf(_documentLine)..]));
            _baseLine = _documentLine - 1;
            Expect<StreamStart>();
        }
        // The end of a document is left for now: a fault right behind it must not take the document with it.
        if (_parser.Current is DocumentEnd)
        {
            _parser.MoveNext();
        }
        if (_parser.Current is StreamEnd)
        {
            document = null;
            return false;
        }
        _documentLine = PlaceOf(_parser.Current!.Start).Line;
        Expect<DocumentStart>();
        document = new YamlTreeBuilder(_parser, PlaceOf, _bag).Build();
        return _parser.Current is DocumentEnd ? true : throw new YamlException(_parser.Current!.Start, _parser.Current.End, "expected the end of the document");
    }

    private void Expect<T>()
        where T : ParsingEvent
    {
        if (_parser!.Current is null)
        {
            _parser.MoveNext();
        }
        if (_parser.Current is not T)
        {
            throw new YamlException(_parser.Current?.Start ?? Mark.Empty, _parser.Current?.End ?? Mark.Empty, "expected a new document");
        }
        _parser.MoveNext();
    }

    private SourcePosition PlaceOf(Mark mark)
    {
        int line = (int)Math.Clamp(mark.Line + _baseLine, 1, int.MaxValue);
        int column = (int)Math.Clamp(mark.Column, 1, int.MaxValue) - _columnShifts.GetValueOrDefault(line);
        _lastLine = Math.Max(_lastLine, line);
        return new SourcePosition(_source.File, line, Math.Max(1, column));
    }

    private void Recover(Exception failure, SourcePosition at)
    {
        var syntax = new SyntaxDoctor(_text, _source, _documentLine);
        if (_text.Text.Length <= MaxRepairableLength && _columnShifts.Count < MaxFailures && syntax.FindTooDeep(at.Line) is { } repair)
        {
            _bag.Add(repair.Diagnostic);
            _columnShifts[repair.Diagnostic.Position.Line] = _columnShifts.GetValueOrDefault(repair.Diagnostic.Position.Line) - repair.Removed;
            _text = new SourceText(_source.File, _text.Text.Remove(_text.StartOf(repair.Diagnostic.Position.Line), repair.Removed));
            _parser = null;
            return;
        }
        foreach (var diagnostic in syntax.Explain(at, failure))
        {
            _bag.Add(diagnostic);
        }
        Skip();
    }

    /// <summary>Goes on with the next document: a <c>---</c> in column 1 starts one whatever stands before it.</summary>
    private void Skip()
    {
        if (++_failures >= MaxFailures)
        {
            _ended = true;
            return;
        }
        for (int next = _documentLine + 1; next <= _text.LineCount; next++)
        {
            var text = _text.Line(next);
            if (text.StartsWith("---") && (text.Length == 3 || char.IsWhiteSpace(text[3])))
            {
                _documentLine = next;
                _parser = null;
                return;
            }
        }
        _ended = true;
    }
}
